/* Frames for the pages' tests, as the server would send them. Sample facts, not a bank. */

export const communities = ["武昌府社区", "东湖社区", "保利蓝海郡社区", "林屿岸春天社区", "方桂园社区", "桂子花园社区", "街道口社区", "卓刀泉社区", "广埠屯社区", "梨园社区", "狮子山社区", "张家湾社区"];

export const round = {
  type: "round",
  code: "482916",
  title: "2026 年洪山区科普知识竞答",
  unit: "洪山区科学技术协会",
  names: "optional",
  communities,
  locked: false,
  people: 326,
};

export const joined = { type: "joined", token: "t0k3n", participant: 28, name: "王＊英", community: 0 };

export const snapshot = {
  type: "snapshot",
  code: "482916",
  title: round.title,
  unit: round.unit,
  phase: "lobby",
  askings: 10,
  asking: 0,
  people: 326,
  rank_shown: "each",
  scoring: "accuracy",
  participant: 28,
  name: "王＊英",
  community: 0,
};

export const question = {
  type: "question",
  asking: 3,
  askings: 10,
  kind: "single",
  text: "家里有人疑似煤气中毒，首先应该怎么做？",
  options: ["喝些醋或酸菜水来解毒", "让他躺下休息，盖好被子", "开窗通风，把人移到空气新鲜的地方", "等一等，看看会不会好转"],
  points: 10,
  picture: "",
  picture_alt: "",
  reading_ms: 5000,
  limit_ms: 30000,
  category: "应急",
};

export const multiple = {
  ...question,
  kind: "multiple",
  text: "下面哪些东西可以用来灭油锅里的火？",
  options: ["锅盖", "一盆冷水", "一大把切好的青菜", "湿抹布以外的干毛巾"],
};

export const poll = {
  ...question,
  kind: "poll",
  text: "您最想听哪一方面的科普？",
  options: ["食品和营养", "用电用气安全", "防诈骗", "急救", "天文"],
};

export const true_false = { ...question, kind: "true_false", text: "发生火灾时，可以乘电梯逃生。", options: ["对", "错"] };

export const pictured = {
  ...question,
  text: "这个标志提醒我们注意什么？",
  options: ["小心触电", "小心地滑", "禁止吸烟", "注意落石"],
  picture: "/p/sign.svg",
  picture_alt: "黄色三角形牌子，里面有一道黑色的闪电",
};

export const sign = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 240"><rect width="320" height="240" fill="#eef1f4"/><path d="M160 24l116 196H44z" fill="#f7c600" stroke="#1b1b1b" stroke-width="12" stroke-linejoin="round"/><path d="M170 74l-34 72h24l-12 54 44-74h-26l18-52z" fill="#1b1b1b"/></svg>`;

export const long_question = {
  ...question,
  text: "为了减少厨房火灾，家里炒菜时如果油锅突然起火，火苗已经高过锅沿，旁边还放着一瓶没有盖好盖子的食用油和一条干毛巾，灶具的开关就在手边，锅盖放在一步以外的台面上，这时下面四种做法当中，哪一种做法最安全、最有效，而且不会让火势变得更大呢？",
  options: [
    "马上端起油锅，快步走到水池边，打开水龙头用冷水浇灭锅里的火",
    "关掉灶具开关，从侧面盖上锅盖，等锅冷下来以后再打开",
    "用旁边的干毛巾用力扑打火苗，一直到看不见明火为止",
    "先跑到楼道里喊邻居，再打电话给家里人商量怎么办",
  ],
};

export const eight = { ...question, text: "下面哪个数最大？", options: ["11", "22", "33", "44", "55", "66", "77", "88"] };

export const reading = { type: "open", asking: 3, reading_ms: 5000, limit_ms: 30000, elapsed_ms: 600 };
export const open = { ...reading, elapsed_ms: 17000 };
export const receipt = { code: "K7QF2M", elapsed_ms: 12345, credit_ms: 40 };
export const recorded = (choice) => ({ type: "recorded", asking: 3, choice, receipt });

export const revealed = {
  type: "revealed",
  asking: 3,
  key: 4,
  explanation: "煤气中毒多由一氧化碳引起。它没有颜色和气味，吸入后会使血液难以输送氧气。先开窗通风，把人移到空气新鲜的地方，再拨打 120。喝醋不能解毒。",
  source: "《中国公民健康素养——基本知识与技能》（2015 年版）",
  answered: 311,
  right: 221,
  counts: [19, 62, 221, 9],
};

export const standing = { type: "standing", asking: 3, points: 30, gained: 10, rights: 3, rank: 42, of: 326, out: false };

export const leaderboard = {
  type: "leaderboard",
  asking: 3,
  of: 326,
  rows: [
    ["王＊英", 0, 30, 21437],
    ["李＊国", 1, 30, 22900],
    ["陈＊", 2, 30, 25010],
    ["欧阳＊梅", 3, 30, 26300],
    ["居民028", 4, 30, 27700],
    ["周＊华", 0, 20, 19800],
    ["吴＊", 5, 20, 20100],
    ["郑＊明", 6, 20, 20400],
    ["孙＊芳", 7, 20, 22800],
    ["赵＊", 8, 10, 9700],
  ].map(([name, community, points, ms], index) => ({ rank: index + 1, name, community: communities[community], points, ms })),
  communities: communities.slice(0, 8).map((name, index) => ({ rank: index + 1, name, people: 64 - index * 5, mean: 254 - index * 13 })),
};
