/* The line at the bottom: whether everything works, in words. */
import { grouped } from "../shared/text";
import { Mark, say_of } from "./parts";
import type { DeskState } from "./state";
import type { Word } from "./words";

interface Numbers {
  edges_up: number;
  edges: number;
  commit_ms: number;
  is_core_up: boolean;
  is_disk_full: boolean;
}

function numbers_of(s: DeskState): Numbers | null {
  if (s.live) {
    const { core, disk_full, ...numbers } = s.live.round.health;
    return { ...numbers, is_core_up: core !== false, is_disk_full: disk_full === true };
  }
  if (!s.health) return null;
  const edges = Array.isArray(s.health.edges) ? s.health.edges : [];
  return {
    edges: edges.length,
    edges_up: edges.filter((edge) => edge.up).length,
    commit_ms: s.health.commit_ms,
    is_core_up: s.health.core === true || s.health.core === "up",
    is_disk_full: s.health.disk_full === true,
  };
}

export function HealthLine({ s }: { s: DeskState }) {
  const say = say_of(s);
  const numbers = numbers_of(s);
  const round = s.live?.round;
  const is_linked = s.link === "up";
  const is_down = numbers !== null && numbers.edges_up < numbers.edges;
  const trouble: Word | null = !is_linked
    ? "health_link"
    : numbers?.is_disk_full
      ? "health_disk_full"
      : numbers && (!numbers.is_core_up || numbers.edges === 0) /* a core that has just come back knows no entry yet */
        ? "health_core_down"
        : is_down
          ? "health_edge_down"
          : null;
  return (
    <footer class="health">
      {trouble !== null ? (
        <span class="back is">
          <Mark shape="back" />
          {say(trouble)}
        </span>
      ) : (
        numbers && (
          <span class="ok is">
            <Mark shape="ok" />
            {say("health_ok")}
          </span>
        )
      )}
      {numbers && numbers.edges > 0 && <span>{say("health_edges", { up: numbers.edges_up, of: numbers.edges })}</span>}
      {numbers && <span>{say("health_commit", { n: numbers.commit_ms < 1 ? "<1" : numbers.commit_ms })}</span>}
      {round && round.health.reconnecting > 0 && (
        <span>{say("health_reconnecting", { n: grouped(round.health.reconnecting) })}</span>
      )}
      {round && <span>{round.screens > 0 ? say("health_screens", { n: round.screens }) : say("health_screens_none")}</span>}
      {round && (
        <span>
          {round.lease.mine
            ? say("host_is_you")
            : round.lease.holder !== null
              ? say("host_is", { name: round.lease.holder })
              : say("host_none")}
        </span>
      )}
    </footer>
  );
}
