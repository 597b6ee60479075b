/* The line at the bottom: whether everything works, in words. */
import { grouped } from "../shared/text";
import { Mark, say_of } from "./parts";
import type { DeskState } from "./state";

interface Numbers {
  edges_up: number;
  edges: number;
  commit_ms: number;
  is_core_up: boolean;
}

function numbers_of(s: DeskState): Numbers | null {
  if (s.live) return { ...s.live.round.health, is_core_up: true };
  if (!s.health) return null;
  const edges = Array.isArray(s.health.edges) ? s.health.edges : [];
  return {
    edges: edges.length,
    edges_up: edges.filter((edge) => edge.up).length,
    commit_ms: s.health.commit_ms,
    is_core_up: s.health.core === true || s.health.core === "up",
  };
}

export function HealthLine({ s }: { s: DeskState }) {
  const say = say_of(s);
  const numbers = numbers_of(s);
  const round = s.live?.round;
  const is_linked = s.link === "up";
  const is_down = numbers !== null && (!numbers.is_core_up || numbers.edges_up < numbers.edges);
  const is_well = is_linked && numbers !== null && !is_down;
  return (
    <footer class="health">
      {!is_linked ? (
        <span class="back is">
          <Mark shape="back" />
          {say("health_link")}
        </span>
      ) : numbers && !numbers.is_core_up ? (
        <span class="back is">
          <Mark shape="back" />
          {say("health_core_down")}
        </span>
      ) : is_down ? (
        <span class="back is">
          <Mark shape="back" />
          {say("health_edge_down")}
        </span>
      ) : (
        is_well && (
          <span class="ok is">
            <Mark shape="ok" />
            {say("health_ok")}
          </span>
        )
      )}
      {numbers && <span>{say("health_edges", { up: numbers.edges_up, of: numbers.edges })}</span>}
      {numbers && <span>{say("health_commit", { n: numbers.commit_ms })}</span>}
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
