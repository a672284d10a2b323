skip = 跳到正文
breadcrumb = 当前位置
search = 搜索
search-posts = 搜索文章
opml = 全部订阅源（OPML）
served-by = 由 feedmill 提供

subscribe = 订阅
subscribe-help = 将此网址添加到阅读器，即可收到新文章。
format = 格式
url-of = { $format } 订阅源的网址
copy = 复制
copy-url-of = 复制 { $format } 订阅源的网址
copied = 已复制。
copy-failed = 按 Ctrl+C 复制选中的网址。
open-in-reader = 在阅读器中打开
view-source = 查看源代码
add-to = 添加到

posts = { $count ->
   *[other] { $shown } 篇文章
}
digests = { $shown } 期汇总
digest-posts = 此期间的所有文章（{ $shown }）
newest = 最新：{ $date }
newest-posts = 最新文章
no-posts = 还没有文章。有新文章时会显示在这里。
no-match = 没有符合条件的文章。
updated = 更新于 { $date }
original = 原文：
pages = 分页
page-of = 第 { $number } 页，共 { $count } 页
newer = 较新
older = 较旧
first = 首页
last = 末页
archive = 归档
archive-number = 归档 { $number }

about = 关于此订阅源
posts-per-month = 每月文章数
plot-text = { $from }至{ $to }的每月文章数。最多的是{ $month }，有 { $most }。
since = 首篇文章
order = 排序
order-published = 最新发布在前
order-updated = 最近更新在前
order-arrival = 最近到达在前
content = 条目内容
content-full = 全文
content-summary = 摘要
content-none = 仅标题
limit = 条目数

compose = 组合自己的订阅源
compose-help = 选择订阅源包含的内容，下方会显示它的网址和最新文章。
compose-submit = 显示此订阅源
compose-reset = 重新开始
composed = 你的订阅源
combine = 与其他条件组合
search-for = 搜索：{ $words }
with-any = 包含任一
with-all = 包含全部
with-none = 不包含
words = 包含词语
published-since = 发布日期不早于
published-until = 发布日期早于
arrived-since = 到达日期不早于
arrived-until = 到达日期早于
section = 栏目

feeds = 订阅源
sources = 来源
languages = 语言
tags = 标签
categories = 分类
authors = 作者
feeds-count = { $count ->
   *[other] { $shown } 个订阅源
}
show-all = { $count ->
   *[other] 显示全部 { $shown } 个
}
group-help = 每一项都是可以订阅的源。
group-empty = 还没有文章使用。有文章使用时会显示在这里。
filter = 筛选
filter-empty = 没有符合筛选条件的项目。

preview = 预览
preview-of = 预览：{ $title }
on-site = 原站页面：
link-to-post = 本文链接
feeds-with-post = 包含本文的订阅源
file = 文件：
all-feeds = 所有订阅源

not-found = 未找到
not-found-text = 此网址没有订阅源或页面。
did-you-mean = 您要找的是其中之一吗？
gone = 已不再提供
gone-text = 此订阅源已被永久移除，请取消订阅。
bad-request = 网址无效
url-encoding = 网址不是百分号编码的 UTF-8。
no-page = 此订阅源没有第 { $number } 页，最后一页是第 { $last } 页。
no-media = 此网址没有文章的媒体文件。
query-empty = 参数 { $parameter } 没有值。请给出一个值，或去掉该参数。
query-twice = 参数 { $parameter } 只能有一个值，却出现了两次。
query-unknown = 没有参数 { $parameter }。您要找的是 { $known } 吗？
query-words = 参数 { $parameter } 最多可含 { $words } 个词，每个词最多 { $bytes } 字节。请使用更少或更短的词。
query-excludes = 参数 { $parameter } 只排除词语。请加上文章必须包含的词。
query-no-source = 没有来源“{ $value }”。
query-no-language = “{ $value }”不是语言代码。
query-range = 参数 { $parameter } 不能是“{ $value }”。请填写 { $from } 到 { $to } 之间的数字。
query-from = 参数 { $parameter } 不能是“{ $value }”。请填写不小于 { $from } 的数字。
query-choice = 参数 { $parameter } 不能是“{ $value }”。请填写以下值之一：{ $choices }。
query-form = 参数 { $parameter } 不能是“{ $value }”。请按此格式填写：{ $examples }。
query-period = { $since } 必须早于 { $until }。
query-no-term = 没有文章的 { $parameter } 是“{ $value }”。
query-list = 没有文章的 { $parameter } 是“{ $value }”。请为每个值重复该参数：{ $repeated }。
query-list-any = 没有文章的 { $parameter } 是“{ $value }”。请为每个值重复该参数：{ $repeated }。如需符合其中任意一个值的文章：{ $any }。
wordpress-number = 此服务器不知道 WordPress 数据库中的编号。请用 { $instead } 代替 { $parameter }。
wordpress-post = 此服务器不知道 WordPress 数据库中的编号。请使用包含全部文章的订阅源网址。
