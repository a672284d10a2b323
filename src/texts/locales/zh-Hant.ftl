skip = 跳至內文
breadcrumb = 目前位置
search = 搜尋
search-posts = 搜尋文章
opml = 全部訂閱源（OPML）
served-by = 由 feedmill 提供

subscribe = 訂閱
subscribe-help = 將此網址加入閱讀器，就能收到新文章。
format = 格式
url-of = { $format } 訂閱源的網址
copy = 複製
copy-url-of = 複製 { $format } 訂閱源的網址
copied = 已複製。
copy-failed = 按 Ctrl+C 複製選取的網址。
open-in-reader = 在閱讀器中開啟
view-source = 檢視原始碼
add-to = 加入

posts = { $count ->
   *[other] { $shown } 篇文章
}
digests = { $shown } 期彙整
digest-posts = 此期間的所有文章（{ $shown }）
newest = 最新：{ $date }
newest-posts = 最新文章
no-posts = 尚無文章。有新文章時會顯示在這裡。
no-match = 沒有符合條件的文章。
updated = 更新於 { $date }
original = 原文：
pages = 分頁
page-of = 第 { $number } 頁，共 { $count } 頁
newer = 較新
older = 較舊
first = 第一頁
last = 最末頁
archive = 彙整
archive-number = 彙整 { $number }

about = 關於此訂閱源
posts-per-month = 每月文章數
plot-text = { $from }至{ $to }的每月文章數。最多的是{ $month }，有 { $most }。
since = 首篇文章
order = 排序
order-published = 最新發布在前
order-updated = 最近更新在前
order-arrival = 最近到達在前
content = 項目內容
content-full = 全文
content-summary = 摘要
content-none = 僅標題
limit = 項目數

compose = 組合自己的訂閱源
compose-help = 選擇訂閱源包含的內容，下方會顯示它的網址與最新文章。
compose-submit = 顯示此訂閱源
compose-reset = 重新開始
composed = 你的訂閱源
combine = 與其他條件組合
search-for = 搜尋：{ $words }
with-any = 包含任一
with-all = 包含全部
with-none = 不包含
words = 包含詞語
published-since = 發布日期不早於
published-until = 發布日期早於
arrived-since = 到達日期不早於
arrived-until = 到達日期早於
section = 專欄

feeds = 訂閱源
sources = 來源
languages = 語言
tags = 標籤
categories = 分類
authors = 作者
feeds-count = { $count ->
   *[other] { $shown } 個訂閱源
}
show-all = { $count ->
   *[other] 顯示全部 { $shown } 個
}
group-help = 每一項都是可以訂閱的來源。
group-empty = 尚無文章使用。有文章使用時會顯示在這裡。
filter = 篩選
filter-empty = 沒有符合篩選條件的項目。

preview = 預覽
preview-of = 預覽：{ $title }
on-site = 原站頁面：
link-to-post = 本文連結
feeds-with-post = 包含本文的訂閱源
file = 檔案：
all-feeds = 所有訂閱源

not-found = 找不到
not-found-text = 此網址沒有訂閱源或頁面。
did-you-mean = 您要找的是其中之一嗎？
gone = 已不再提供
gone-text = 此訂閱源已被永久移除，請取消訂閱。
bad-request = 網址無效
url-encoding = 網址不是百分號編碼的 UTF-8。
no-page = 此訂閱源沒有第 { $number } 頁，最後一頁是第 { $last } 頁。
no-media = 此網址沒有文章的媒體檔案。
query-empty = 參數 { $parameter } 沒有值。請給出一個值，或去掉該參數。
query-twice = 參數 { $parameter } 只能有一個值，卻出現了兩次。
query-unknown = 沒有參數 { $parameter }。您要找的是 { $known } 嗎？
query-words = 參數 { $parameter } 最多可含 { $words } 個詞，每個詞最多 { $bytes } 位元組。請使用更少或更短的詞。
query-excludes = 參數 { $parameter } 只排除詞語。請加上文章必須包含的詞。
query-no-source = 沒有來源「{ $value }」。
query-no-language = 「{ $value }」不是語言代碼。
query-range = 參數 { $parameter } 不能是「{ $value }」。請填寫 { $from } 到 { $to } 之間的數字。
query-from = 參數 { $parameter } 不能是「{ $value }」。請填寫不小於 { $from } 的數字。
query-choice = 參數 { $parameter } 不能是「{ $value }」。請填寫以下值之一：{ $choices }。
query-form = 參數 { $parameter } 不能是「{ $value }」。請依此格式填寫：{ $examples }。
query-period = { $since } 必須早於 { $until }。
query-no-term = 沒有文章的 { $parameter } 是「{ $value }」。
query-list = 沒有文章的 { $parameter } 是「{ $value }」。請為每個值重複該參數：{ $repeated }。
query-list-any = 沒有文章的 { $parameter } 是「{ $value }」。請為每個值重複該參數：{ $repeated }。如需符合其中任一值的文章：{ $any }。
wordpress-number = 此伺服器不知道 WordPress 資料庫中的編號。請用 { $instead } 代替 { $parameter }。
wordpress-post = 此伺服器不知道 WordPress 資料庫中的編號。請使用包含全部文章的訂閱源網址。
