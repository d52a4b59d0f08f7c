"""The words of answers, by what they do: the grammar, as tables of small regular expressions.

The longest match wins, whatever its kind, so that 去不了 is no 去 and 不是不去 is no 不去.

    go       comes                     decline  does not come          short    only if short
    ready    stands by                 heard    has read it            way      is on the way
    here     is there                  hedge    may or may not         if       on a condition
    ask      asks                      other    somebody else          people   and others with them
    change   takes something back      but      what follows counts    filler   says nothing of it
    reason   says why not              opt_out  wants no messages

Blanks divide the entries, "_" is a blank, <name> one of the pieces; a Latin word ends at its end.
"""

from __future__ import annotations

import re

_PIECES = {
    "come": "(?:去|来|到场|到|过[去来]|参加|出[动勤]|报名|赶(?:到|过?[去来])|顶上?|支援)",
    "will": "(?:能够?|可以?|会|要|愿意|一定|肯定|马上|立[刻即]|这就|现在|直接|自己|也|都|随时)*",
    "yes": "(?:得了|的了|得成|吧|啦|咯|喽|一下)?",
    "cannot": "(?:不|不可?能|[没无]法|没法子|没有?办法|不可以|不方?便|不想|不打算|不会|没能|未能)",
    "reach": "(?:去|来|开|到|参加|过[来去]?|赶[过回]?|走|出|抽身?|回|脱身|请|动|备勤|待命)",
    "short": "(?:如果|要是|若是?|万一)?(?:人[手员数]?|实在)*还?(?:不够|不足|少|缺|没)"
    "(?:人手?)?[去来用]?(?:的话|时|就|了|,)*[,\\s]*",
    "call": "(?:叫|喊|找|通知|联系|呼|召|打给|想)[上到]?(?:一下)?(?:我|咱)?(?:一声|吧|一起)?",
    "kin": "(?:儿子|女儿|老[公婆]|爱人|对象|弟弟|哥哥|爸爸?|妈妈?|同事|朋友|队友)",
    "family": "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董"
    "潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江"
    "尹薛阎段雷龙史陶贺顾毛郝龚邵万钱严覃武戴莫孔向汤",
    "begin": "(?<![^\\s,.!:])",
    "end": "(?=$|[\\s,.!])",
    "im": "(?:i'?m_|i_am_)?",
}

_TABLES = {
    "go": """
        我?<will><come>(?!不)<yes> (?:能|可以?|没问题|行|妥|安排|必须的?|冲|走起|搞起|必[到去])
        (?:不能不|不得不|非)[去来](?:不可)? 怎么(?:可能|会)不[去来] 妥妥的? 算上?我一?个? 加我一个
        有空 有时间 <begin>(?:上|走|对|成|中|是的?|就[去来])<end> 来了来了 这就来
        (?:马上|立[刻即]|现在)就(?:到|[去来]|过[去来]|出发) 带上?我一?个? 怎能不[去来] \\+1
        扣?1(?!\\d) 没二话 义不容辞 y(?:es|ep|eah|up)? sure (?:i'?m|i_am|count_me)_in i'?ll_come
        will_come <im>available
        (?:i'?m_|i_am_|i'?ll_|i_will_)?(?:coming|come|going|go|on_it|be_there|there)
        (?:i_)?can(?:_come|_make_it|_go)?(?!')
    """,
    "decline": """
        <cannot>[再来去能]?(?:<come>|走|上)了? <cannot>(?:备勤|待命) 不行了? 不可以 不能 不方便
        不便 不得空 不成
        <reach>不(?:了|成|[过回出]来|[过回]去|开身?|动|出空|出时间|出假|来|去|及|到|上)了?
        没有?(?:空|时间|办法|法子) 没可能 不{2,} <begin>不<end> <begin>我?请假<end>
        (?:别|不要|不用)(?:带|算)我?上?了? 别叫我了? 否 无法 没法 不在状态 no nope n
        (?:i_)?(?:can'?t|cannot|can_not|won'?t|couldn'?t|will_not|unable_to)<english>
        <im>(?:not_available|unavailable|not_coming|not_able_to_come|out)
    """,
    "short": """
        <short>[我也]*(?:再|就|请|我|也|可以|能|来|去|一起|优先|马上)*<call>
        <short>[我也]*(?:再|就|可以|能|我|也|来)*(?:去|来|上|顶上?|补[上位]|参加)
        [放排]?最后[再才]?(?:叫|喊|找|考虑|通知)[上到]?我? [缺少]人[再就]?(?:叫|喊|找)我?
        优先(?:叫|喊|找|安排)(?:别人|其他人|他人) 我(?:可以)?[当做]?(?:候补|替补|后备|预备) 候补
        替补 备用 我?排(?:在)?(?:后面|最后) 不缺人我?就不[去来]了? 有空位再(?:叫|喊)我?
        call_me_if_you_(?:need|are_short).* back-?up(?:_only)? 人够了?(?:的话)?我?就不[去来]了? l
        (?:as_)?(?:a_)?last_resort (?:as_)?(?:a_)?reserve
        (?:only_)?if_(?:you(?:'re|_are)?_)?(?:are_)?(?:short|needed)(?:_call_me)?
    """,
    "ready": """
        (?:我|在家|可以|已|能|正在|随时)*(?:备勤|待命|值守)中? stand_*-?by on_standby
    """,
    "heard": """
        收到 好的? 好嘞 好滴 好吧 嗯+ 哦+ 噢+ 知道[了啦]? 明白了? 了解 晓得了? 已阅 遵命 得令
        ok(?:ay)? (?:roger|copy|noted|got_it|received|thanks|thank_you|thx|ack)
    """,
    "way": """
        (?:已经?|我|正|正在|刚|现在|都)*(?:出发|动身|上路|出门|在?路上|上车|往那赶|赶路)[了啦中]?
        (?:马上|立[刻即]|这就)(?:出发|动身|出门)
        <im>(?:on_(?:my|the)_way|omw|en_?route|left|leaving(?:_now)?)
    """,
    "here": """
        (?:已经?|我|都)*到(?:了|达了?|位了?|集合点了?|现场了?) 已到
        (?:i'?m_|i_have_|have_)?(?:arrived|here)
    """,
    "hedge": """
        不一定 还?不太?确定 说不[准定好] 不太?清楚 不知道? 不晓得 不见得 未必 可能 也许 大概率
        或许 估计(?:能|可以|去|来|不) 应该 尽量 争取 看情况 看看 再看 再说 想想 考虑(?:一下)? 商量
        问[问一]下? 请示 还?没定 没想好 等等 等会儿? 等下 一会儿?(?:回|再说|答)
        晚点再?(?:答复|回复|回|说) 稍后 回头 待定 去不去 来不来 也行 [很也真]?想(?:去|来|参加)
        去是想去 尽力 试试 万一 除非 最好不 希望 难说 有点?难 够呛 悬 勉强
        也?并?不是不[想能愿]?意?(?:去|来|行|可以|参加)? 我?没有?说过?我?[不要能]?(?:去|来|参加)?
        不太?[好敢]说 不太(?:方便|行|能) maybe perhaps might not_sure(?:_yet)? i'?ll_try
        try(?:ing)? depends probably possibly hope(?:fully)? let_me_(?:check|see) unless
        not_(?:yet|really) later
    """,
    "if": """
        如果 要是 假如 只要 只有 的?话 等(?:我|他|她|孩子|老[婆公]|天亮|雨停) 有人带 就不[去来]
        [才就](?:能|可以|会)[去来到走] if when as_long_as provided once after but
    """,
    "ask": """
        \\? 吗 么(?![的]) 呢 哪[里儿个边]? 几点 几天 几个人? 多少 多久 怎么 怎样 什么 啥 谁 为什么
        能不能 可不可以 行不行 是不是 要不要 用不用 需不需要 有没有 是否 好不好 真的假的 怎么办
        (?:where|who|what|how|why|which) is_(?:this|it) (?:do|does|can|may|should)_(?:i|we|you)
    """,
    "other": """
        老<han>(?=[去来不也到说能可在]) 小[<family>]
        <han>(?:队长?|哥|姐|叔|总|主任|师傅)(?=[去来不也到说能可在让])
        我?<kin>(?=[去来不也能可说到代]) 他们? 她们? 别人 其他人 人家 让[他她我]? 叫[他她] 替我
        代我 换人 机主 您 你们 客户 尊敬 请于 验证 余额
        (?:he|she|they|we|my_(?:son|wife|husband|brother))
    """,
    "people": """
        我?和[老小]?<han>{1,3}?(?=都|一起|一块|也)(?:都|一起|一块|也)
        (?:我|咱)们(?:俩|仨|几个|都)? 我俩 咱俩
        (?:我们?)?(?:一共|共|总共|有)?(?:[两俩三四五六七八九十]|\\d{1,2})个?人都?(?!手|够)
        带上?[一两三四\\d]个?人 (?:two|three|four|\\d)_of_us
    """,
    "change": """
        改一?下 改[:成为]? 更正(?:一下)? 纠正
        (?:刚[才刚]|之前|前面|原来|先前)我?(?:说|讲|回复?|答应)[的了]?是? 刚才 刚刚(?=说|答) 之前
        前面 原来 现在 变了 又(?=能|可以|去|来|不) 还是 重新 计划有变 临时有事 答应了? 说错了?
        发错了?(?=,) 不对 (?:correction|change|changed|sorry_wrong|update)
    """,
    "but": """
        但是? 可是 不过 然而 虽然[很我]?想[去来]
    """,
    "reason": """
        发烧了? 感冒了? 生?病了? 拉肚子了? 住院了? 手术 受伤了? 扭伤了? 骨折 外地 出差 国外 值班
        上班 夜班 加班 开会 考试 喝了?酒 孩子 小孩 老人 家里 有事 车坏了 隔离 怀孕 临产 生了 没车
        走亲戚 旅游 回来 下班 医生 医院 吃药 没人带 因.{0,6}?原因 请不[了到出]假 老[婆公] 我[爸妈]
        (?:sick|ill|fever|working|night_shift|on_duty|abroad|away)
        (?:out_of_town|kid|child|injured|covid|travel(?:l?ing)?)
    """,
    "opt_out": """
        退订 回?t退订 td t stop unsubscribe 请?(?:不要|别)再?(?:发|给我发|打扰)(?:了|短信|消息)*
        不要再发了?
    """,
    "filler": """
        我的? 了 啊 哦 呀 吧 啦 哈 呢(?=,|$) 的 得 嘛 哎 唉 额 呃 诶 就(?=$|,) 也 都 还 真
        是(?=[去来]) 这次 今天 今晚 明天 现在 目前 暂时 刚看[到见] 刚醒 才看到 看到(?:了|短信)?
        没睡 睡着了 大概 大约 约 预计 预估 估计 差不多 最快 最多 左右 上下 之?内 需要? 要 还要
        还得 用 路上要 开车 骑车 步行 打车 家里 从家 过去 过来 出发要? 到达? 抵达 赶到 就到 就能到
        能到 可到 可以到 到集合点 到达集合点 到现场 集合[点地] 现场 体育馆 不?堵车 路上堵 不出意外
        本人 有点堵
        [不很]?(?:抱歉|好意思|对不起|对不住|见谅|请?谅解|理解)+(?:大家|各位|队长|领导)?
        对不[起住](?:大家|各位|队长|领导)? 谢谢(?:大家)? 感谢 辛苦(?:了|大家)? 实在 确实 真的
        没事[的儿]? 没关系 不要紧 不碍事 别急 不急 不用(?:管|接|等|担心|叫|送|操心)我?了?
        别(?:等|担心|管)我?了? 放心 自己 队长 领导 老师 请假 回复? 这边 我这 晚一?点(?=[到去来])
        [要会]晚点 打我(?:电话|手机) 有事打? 电话 手机 联系
        (?:please|pls|sorry|hi|hello|about|around|in|at|by|eta|approx|the|to|me|i'?m|i_am|i'?ll)
        will (?:and|for|need|takes?|it|now|asap|soon|today|tonight|minutes?)
    """,
}
_PIECES["english"] = "(?:_(?:come|make_it|go|attend|be_there|do_it|make|join))?"
_PIECES["han"] = "[\u4e00-\u9fff]"
_LATIN_END = re.compile(r"[a-z](?:\)|\)\?|\?)*$")


def _compiled(entry: str) -> re.Pattern[str]:
    for name, piece in _PIECES.items():
        entry = entry.replace(f"<{name}>", piece)
    # "n" is a word, and no beginning of "night".
    end = "(?![a-z])" if _LATIN_END.search(entry) else ""
    return re.compile(entry.replace("_", "[ ]") + end)


PATTERNS: list[tuple[str, re.Pattern[str]]] = [
    (kind, _compiled(entry)) for kind, table in _TABLES.items() for entry in table.split()
]
