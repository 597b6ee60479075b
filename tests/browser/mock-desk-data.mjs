/* What the pretend desk shows: banks, people, communities, a QR code's picture. Made up for looking at pages; the shipped
 * banks are in questions/. */

const texts = [
  ["single", "彩虹通常在什么时候容易看到？", ["雨后有太阳时", "深夜", "大雾天", "下雪时"], 1, "阳光经过空中的小水滴折射、反射，分成不同颜色，就成了彩虹。", "自然", 1],
  ["single", "厨房里发现燃气泄漏，首先应该怎么做？", ["打开抽油烟机", "关闭阀门，开窗通风", "点火检查", "打开电灯查看"], 2, "先关阀门、开窗，不动电器开关，不点火，到室外再打电话报修。", "应急", 2],
  ["true_false", "月亮自己会发光。", ["对", "错"], 2, "月亮反射太阳的光，自己不发光。", "自然", 1],
  ["multiple", "下面哪些东西应当投进可回收物？", ["旧报纸", "剩饭", "饮料瓶", "易拉罐"], 13, "干净的纸、塑料瓶、金属罐都可以回收；剩饭是厨余垃圾。", "生态环境", 2],
  ["poll", "您最想参加哪类科普活动？", ["急救体验", "天文观测", "健康讲座", "农技课堂"], 0, "", "意见", 0],
  ["single", "手机收到陌生短信，说您的账户有风险，要您点开链接输入银行卡密码核对身份，这时应该怎么做？", ["马上按短信里的链接操作，以免账户被停用", "不点链接，拨打银行卡背面的电话核实", "把短信转给亲友，请他们先试一试", "回复短信，问对方是谁"], 2, "银行不会用短信链接要密码。不点链接，用卡背面的电话核实。", "应急", 3],
  ["single", "成年人平静时，心脏每分钟大约跳多少次？", ["20 次", "70 次", "180 次", "300 次"], 2, "成年人平静时每分钟 60 到 100 次。", "健康", 1],
  ["true_false", "地震时应当乘电梯尽快下楼。", ["对", "错"], 2, "电梯可能停电、变形，人会被困住。先就近躲避，震后走楼梯。", "应急", 1],
];

function question(id, index, sample) {
  const [kind, text, options, key, explanation, category, difficulty] = texts[index % texts.length];
  return {
    id,
    kind,
    text: index < texts.length ? text : `${text.slice(0, -1)}（第 ${Math.floor(index / texts.length) + 1} 组）？`,
    options,
    key,
    explanation,
    source: explanation ? "《公民科学素质读本》第 12 页" : "",
    category,
    difficulty,
    seconds: kind === "multiple" ? 40 : 0,
    points: 0,
    picture: "",
    picture_alt: "",
    is_sample: sample,
  };
}

function bank(id, name, count, is_sample) {
  const questions = Array.from({ length: count }, (_, index) => question(id * 1000 + index, index, is_sample));
  return { id, name, is_sample, questions, categories: [...new Set(questions.map((one) => one.category))] };
}

export function banks_made() {
  return [bank(1, "科学素质", 40, true), bank(2, "党史知识", 20, true), bank(3, "2026 年全国科普日", 8, false)];
}

export const COMMUNITIES = ["东湖社区", "武昌府社区", "保利蓝海郡社区", "林屿岸春天社区", "方桂园社区"];

const family = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴"];
const given = ["秀英", "建国", "敏", "桂兰", "志强", "玉梅", "伟", "海燕", "德明", "小红"];

export function person_made(number) {
  const name = number % 9 === 0 ? "" : family[number % 10] + given[(number * 7) % 10];
  return { participant: number, name, community: number % COMMUNITIES.length, removed: false };
}

/* A picture that looks like a code and is none: three corners and a fixed pattern. */
export function qr_made(text) {
  const side = 29;
  let seed = [...text].reduce((sum, character) => (sum * 31 + character.codePointAt(0)) >>> 0, 7);
  let d = "";
  const corner = (x, y) => [[2, 2], [side - 9, 2], [2, side - 9]].some(([a, b]) => x >= a - 1 && x <= a + 7 && y >= b - 1 && y <= b + 7);
  for (let y = 2; y < side - 2; y++) {
    for (let x = 2; x < side - 2; x++) {
      seed = (seed * 1664525 + 1013904223) >>> 0;
      if (!corner(x, y) && seed >>> 31) d += `M${x} ${y}h1v1h-1z`;
    }
  }
  for (const [x, y] of [[2, 2], [side - 9, 2], [2, side - 9]]) d += `M${x} ${y}h7v7h-7zM${x + 1} ${y + 1}v5h5v-5zM${x + 2} ${y + 2}h3v3h-3z`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges"><script>1</script><path d="${d}" fill="#000"/></svg>`;
}
