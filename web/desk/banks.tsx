/* The banks, and one bank's questions to read. Choosing from them is compose.tsx. */
import { Mark, say_of, StateLine, Tag, type ViewProps } from "./parts";
import { Filters, QuestionRow, useFilter, useMore } from "./question";
import { draft_add, draft_new } from "./draft";
import { storage_get } from "../shared/storage";
import type { Bank } from "./wire";

export function Banks(props: ViewProps) {
  const { s } = props;
  const say = say_of(s);
  if (s.banks === null) return <StateLine shape={s.link === "lost" ? "back" : "wait"} text={say(s.link === "lost" ? "status_lost" : "loading")} />;
  const wanted = s.route.at === "banks" ? s.route.bank : null;
  const bank = s.banks.find((one) => one.id === wanted);
  return bank ? <OneBank {...props} bank={bank} /> : <AllBanks {...props} banks={s.banks} />;
}

function AllBanks({ s, desk, banks }: ViewProps & { banks: Bank[] }) {
  const say = say_of(s);
  const total = banks.reduce((sum, bank) => sum + bank.questions, 0);
  if (banks.length === 0) return <StateLine shape="todo" text={say("banks_none")} />;
  return (
    <>
      <StateLine shape="ok" text={say("banks_status", { n: banks.length, questions: total })} />
      <main class="page">
        <div class="sheet">
          <table class="tab banks">
            <thead>
              <tr>
                <th>{say("col_bank")}</th>
                <th>{say("col_categories")}</th>
                <th>{say("col_state")}</th>
                <th class="n">{say("col_questions")}</th>
                <th aria-label={say("open")} />
              </tr>
            </thead>
            <tbody>
              {banks.map((bank) => (
                <tr key={bank.id}>
                  <td class="title">
                    <b>{bank.name}</b>
                    {bank.is_sample && <Tag>{say("sample")}</Tag>}
                  </td>
                  <td class="mute">{bank.categories.join("、")}</td>
                  <td>
                    <span class={`is ${bank.is_sample ? "" : "ok"}`}>
                      <Mark shape={bank.is_sample ? "todo" : "ok"} />
                      {say(bank.is_sample ? "bank_sample" : "bank_ready")}
                    </span>
                  </td>
                  <td class="n">
                    {bank.questions}
                    <span class="cell after">{say("unit_questions")}</span>
                  </td>
                  <td class="n act">
                    <button
                      type="button"
                      class="btn"
                      aria-label={say("open_of", { name: bank.name })}
                      onClick={() => desk.go({ at: "banks", bank: bank.id })}
                    >
                      {say("open")}
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </main>
    </>
  );
}

function OneBank({ s, desk, bank }: ViewProps & { bank: Bank }) {
  const say = say_of(s);
  const questions = s.questions[bank.id] ?? [];
  const filtered = useFilter(questions, bank.id);
  const [rows, more] = useMore(filtered.found, JSON.stringify([bank.id, filtered.filter]), say);
  const is_here = s.questions[bank.id] !== undefined;
  const use = (): void => {
    const draft = s.draft ?? draft_new(storage_get("desk.unit"), storage_get("desk.communities"));
    desk.draft_set(draft_add({ ...draft, step: "questions" }, questions.map((question) => question.id)));
    desk.go({ at: "new" });
  };
  return (
    <>
      <StateLine shape={is_here ? "ok" : "wait"} text={bank.name}>
        <span class="mute">{say("bank_questions", { n: bank.questions })}</span>
        {is_here && (
          <button type="button" class="btn go" onClick={use}>
            {say("use_in_round")}
          </button>
        )}
      </StateLine>
      <main class="page">
        <div class="tools">
          <button type="button" class="btn" onClick={() => desk.go({ at: "banks", bank: null })}>
            {say("back_to_banks")}
          </button>
          <Filters questions={questions} filtered={filtered} say={say} />
        </div>
        {!is_here ? (
          <p class="mute">{say("loading")}</p>
        ) : filtered.found.length === 0 ? (
          <p class="empty">{say("filter_none")}</p>
        ) : (
          <>
            <ol class="questions sheet">
              {rows.map((question) => (
                <QuestionRow key={question.id} question={question} say={say} />
              ))}
            </ol>
            {more}
          </>
        )}
      </main>
    </>
  );
}
