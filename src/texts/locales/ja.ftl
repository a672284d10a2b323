skip = 本文へ移動
breadcrumb = パンくずリスト
search = 検索
search-posts = 記事を検索
opml = すべてのフィード（OPML）
served-by = feedmill で配信

subscribe = 購読
subscribe-help = この URL をフィードリーダーに登録すると、新しい記事が届きます。
format = 形式
url-of = { $format } フィードの URL
copy = コピー
copy-url-of = { $format } フィードの URL をコピー
copied = コピーしました。
copy-failed = Ctrl+C を押すと、選択した URL をコピーできます。
open-in-reader = リーダーで開く
view-source = ソースを表示
add-to = 追加先：

posts = { $count ->
   *[other] { $shown } 件の記事
}
digests = { $shown } 件のまとめ
digest-posts = この期間のすべての記事（{ $shown }）
newest = 最新：{ $date }
newest-posts = 新着記事
no-posts = 記事はまだありません。公開されるとここに表示されます。
no-match = 該当する記事はありません。
updated = 更新：{ $date }
original = 元の記事：
pages = ページ
page-of = { $number } / { $count } ページ
newer = 新しい記事
older = 古い記事
first = 最初
last = 最後
archive = アーカイブ
archive-number = アーカイブ { $number }

about = このフィードについて
posts-per-month = 月ごとの記事数
plot-text = { $from }から{ $to }までの月ごとの記事数。最多は{ $month }の{ $most }。
since = 最初の記事
order = 並び順
order-published = 新しい順
order-updated = 更新が新しい順
order-arrival = 到着が新しい順
content = 各記事の内容
content-full = 全文
content-summary = 要約
content-none = タイトルのみ
limit = 件数

compose = 自分用のフィードを作る
compose-help = フィードに含める条件を選んでください。URL と新着記事が下に表示されます。
compose-submit = フィードを表示
compose-reset = やり直す
composed = あなたのフィード
combine = ほかの条件と組み合わせる
search-for = 検索：{ $words }
with-any = いずれかを含む
with-all = すべて含む
with-none = 含まない
words = 次の語を含む
published-since = 公開日（以降）
published-until = 公開日（より前）
arrived-since = 到着日（以降）
arrived-until = 到着日（より前）
section = セクション

feeds = フィード
sources = ソース
languages = 言語
tags = タグ
categories = カテゴリー
authors = 著者
feeds-count = { $count ->
   *[other] { $shown } 件のフィード
}
show-all = { $count ->
   *[other] { $shown } 件すべて表示
}
group-help = どれも購読できるフィードです。
group-empty = まだ使われていません。使われるとここに表示されます。
filter = 絞り込み
filter-empty = 該当するものはありません。

preview = プレビュー
preview-of = { $title } のプレビュー
on-site = 元のサイト:
link-to-post = この記事へのリンク
feeds-with-post = この記事を含むフィード
file = ファイル:
all-feeds = すべてのフィード

not-found = 見つかりません
not-found-text = この URL にはフィードもページもありません。
did-you-mean = もしかして次の URL ですか？
gone = 利用できなくなりました
gone-text = このフィードは完全に削除されました。購読を解除してください。
bad-request = 無効な URL
url-encoding = URL がパーセントエンコードされた UTF-8 ではありません。
no-page = このフィードに { $number } ページはありません。最後は { $last } ページです。
no-media = この URL には記事のメディアファイルがありません。
query-empty = { $parameter } に値がありません。値を指定するか、このパラメーターを外してください。
query-twice = { $parameter } に指定できる値は 1 つですが、2 回指定されています。
query-unknown = { $parameter } というパラメーターはありません。もしかして { $known } ですか？
query-words = { $parameter } に指定できるのは、それぞれ { $bytes } バイトまでの語を { $words } 個までです。語を減らすか、短くしてください。
query-excludes = { $parameter } には除外する語しかありません。記事に含まれるべき語を加えてください。
query-no-source = 「{ $value }」というソースはありません。
query-no-language = 「{ $value }」は言語コードではありません。
query-range = { $parameter } に「{ $value }」は指定できません。{ $from } から { $to } までの数を指定してください。
query-from = { $parameter } に「{ $value }」は指定できません。{ $from } 以上の数を指定してください。
query-choice = { $parameter } に「{ $value }」は指定できません。次のいずれかを指定してください：{ $choices }。
query-form = { $parameter } に「{ $value }」は指定できません。次のように指定してください：{ $examples }。
query-period = { $since } は { $until } より前でなければなりません。
query-no-term = { $parameter } の値が「{ $value }」の記事はありません。
query-list = { $parameter } の値が「{ $value }」の記事はありません。値ごとにパラメーターを繰り返してください：{ $repeated }。
query-list-any = { $parameter } の値が「{ $value }」の記事はありません。値ごとにパラメーターを繰り返してください：{ $repeated }。いずれかの値を持つ記事の場合：{ $any }。
wordpress-number = このサーバーは WordPress のデータベースの番号を認識できません。{ $parameter } の代わりに { $instead } と書いてください。
wordpress-post = このサーバーは WordPress のデータベースの番号を認識できません。すべての記事のフィードの URL を使ってください。
