# The texts of pages in English. $count is a number, $shown the same as people read it.
skip = Skip to the content
breadcrumb = Breadcrumb
search = Search
search-posts = Search posts
opml = All feeds (OPML)
served-by = Served by feedmill

subscribe = Subscribe
subscribe-help = Copy this URL into a feed reader, and new posts come to you.
format = Format
url-of = URL of the { $format } feed
copy = Copy
copy-url-of = Copy the URL of the { $format } feed
copied = Copied.
copy-failed = Press Ctrl+C to copy the selected URL.
open-in-reader = Open in a reader
view-source = View source
add-to = Add to

posts = { $count ->
    [one] { $shown } post
   *[other] { $shown } posts
}
digests = { $count ->
    [one] { $shown } digest
   *[other] { $shown } digests
}
digest-posts = All posts of this period ({ $shown })
newest = Newest: { $date }
newest-posts = Newest posts
no-posts = There are no posts yet. They appear here as soon as there are.
no-match = No post matches.
updated = updated { $date }
original = Original:
pages = Pages
page-of = Page { $number } of { $count }
newer = Newer
older = Older
first = First
last = Last
archive = Archive
archive-number = Archive { $number }

about = About this feed
posts-per-month = Posts per month
plot-text = Posts per month from { $from } to { $to }. The most, { $most }, in { $month }.
since = First post
order = Order
order-published = Newest first
order-updated = Last updated first
order-arrival = Last arrived first
content = Entries contain
content-full = The full text
content-summary = A summary
content-none = The title only
limit = Entries

compose = Compose your own feed
compose-help = Choose what the feed contains. Its URL and its newest posts appear below.
compose-submit = Show this feed
compose-reset = Start over
composed = Your feed
combine = Combine with other conditions
search-for = Search: { $words }
with-any = Any of
with-all = All of
with-none = None of
words = With the words
published-since = Published from
published-until = Published before
arrived-since = Arrived from
arrived-until = Arrived before
section = Section

feeds = Feeds
sources = Sources
languages = Languages
tags = Tags
categories = Categories
authors = Authors
feeds-count = { $count ->
    [one] { $shown } feed
   *[other] { $shown } feeds
}
show-all = { $count ->
    [one] Show the only one
   *[other] Show all { $shown }
}
group-help = Each of these is a feed that you can subscribe to.
group-empty = No post has any yet. They appear here as soon as one does.
filter = Filter
filter-empty = Nothing matches the filter.

preview = Preview
preview-of = Preview of { $title }
on-site = On its site:
link-to-post = Link to this post
feeds-with-post = Feeds with this post
file = File:
all-feeds = All feeds

not-found = Not found
not-found-text = There is no feed or page at this URL.
did-you-mean = Did you mean one of these?
gone = No longer available
gone-text = This feed is gone for good. Please unsubscribe from it.
bad-request = Invalid URL
url-encoding = The URL is not percent-encoded UTF-8.
no-page = This feed has no page { $number }: the last one is page { $last }.
no-media = There is no media file of an entry at this URL.
query-empty = { $parameter } has no value. Give it one, or leave it out.
query-twice = { $parameter } takes one value and is given twice.
query-unknown = There is no parameter { $parameter }. Did you mean { $known }?
query-words = { $parameter } can have { $words } words of { $bytes } bytes each. Search for fewer or shorter words.
query-excludes = { $parameter } only excludes words. Add a word that posts must have.
query-no-source = There is no source “{ $value }”.
query-no-language = “{ $value }” is not a language code.
query-range = { $parameter } cannot be “{ $value }”. Write a number from { $from } to { $to }.
query-from = { $parameter } cannot be “{ $value }”. Write { $from } or more.
query-choice = { $parameter } cannot be “{ $value }”. Write one of these: { $choices }.
query-form = { $parameter } cannot be “{ $value }”. Write it like this: { $examples }.
query-period = { $since } must be before { $until }.
query-no-term = No post has the value “{ $value }” of { $parameter }.
query-list = No post has the value “{ $value }” of { $parameter }. Repeat the parameter for each value: { $repeated }.
query-list-any = No post has the value “{ $value }” of { $parameter }. Repeat the parameter for each value: { $repeated }. For posts with any of them: { $any }.
wordpress-number = This server does not know the numbers of WordPress’s database. Write { $instead } in place of { $parameter }.
wordpress-post = This server does not know the numbers of WordPress’s database. Use the URL of a feed of all posts.
