skip = تخطَّ إلى المحتوى
breadcrumb = مسار التنقل
search = بحث
search-posts = البحث في المقالات
opml = كل الخلاصات (OPML)
served-by = مقدَّم من feedmill

subscribe = الاشتراك
subscribe-help = انسخ هذا الرابط إلى قارئ الخلاصات لتصلك المقالات الجديدة.
format = الصيغة
url-of = رابط خلاصة { $format }
copy = نسخ
copy-url-of = نسخ رابط خلاصة { $format }
copied = تم النسخ.
copy-failed = اضغط Ctrl+C لنسخ الرابط المحدد.
open-in-reader = فتح في قارئ
view-source = عرض المصدر
add-to = إضافة إلى

posts = { $count ->
    [zero] لا مقالات
    [one] مقالة واحدة
    [two] مقالتان
    [few] { $shown } مقالات
    [many] { $shown } مقالة
   *[other] { $shown } مقالة
}
digests = { $count ->
    [zero] لا ملخصات
    [one] ملخص واحد
    [two] ملخصان
    [few] { $shown } ملخصات
    [many] { $shown } ملخصًا
   *[other] { $shown } ملخص
}
digest-posts = كل مقالات هذه الفترة ({ $shown })
newest = الأحدث: { $date }
newest-posts = أحدث المقالات
no-posts = لا توجد مقالات بعد. ستظهر هنا فور نشرها.
no-match = لا توجد مقالات مطابقة.
updated = آخر تحديث { $date }
original = المصدر الأصلي:
pages = الصفحات
page-of = صفحة { $number } من { $count }
newer = الأحدث
older = الأقدم
first = الأولى
last = الأخيرة
archive = الأرشيف
archive-number = الأرشيف { $number }

about = حول هذه الخلاصة
posts-per-month = المقالات في الشهر
plot-text = عدد المقالات في الشهر من { $from } إلى { $to }. أكثرها { $most } في { $month }.
since = أول مقالة
order = الترتيب
order-published = الأحدث أولًا
order-updated = آخر المحدَّث أولًا
order-arrival = الأحدث وصولًا أولًا
content = محتوى العناصر
content-full = النص الكامل
content-summary = ملخص
content-none = العنوان فقط
limit = عدد العناصر

compose = كوّن خلاصتك الخاصة
compose-help = اختر ما تحتويه الخلاصة، وسيظهر رابطها وأحدث مقالاتها أدناه.
compose-submit = عرض الخلاصة
compose-reset = البدء من جديد
composed = خلاصتك
combine = الجمع مع شروط أخرى
search-for = بحث: { $words }
with-any = أيٌّ من
with-all = جميع
with-none = لا شيء من
words = بالكلمات
published-since = نُشر منذ
published-until = نُشر قبل
arrived-since = وصل منذ
arrived-until = وصل قبل
section = القسم

feeds = الخلاصات
sources = المصادر
languages = اللغات
tags = الوسوم
categories = التصنيفات
authors = الكُتّاب
feeds-count = { $count ->
    [zero] لا خلاصات
    [one] خلاصة واحدة
    [two] خلاصتان
    [few] { $shown } خلاصات
    [many] { $shown } خلاصة
   *[other] { $shown } خلاصة
}
show-all = { $count ->
   *[other] عرض الكل ({ $shown })
}
group-help = كل واحدة من هذه خلاصة يمكنك الاشتراك فيها.
group-empty = لا توجد بعد. ستظهر هنا فور إضافتها.
filter = تصفية
filter-empty = لا شيء يطابق التصفية.

preview = معاينة
preview-of = معاينة { $title }
on-site = على موقعه:
link-to-post = رابط هذه التدوينة
feeds-with-post = خلاصات تتضمن هذه التدوينة
file = ملف:
all-feeds = كل الخلاصات

not-found = غير موجود
not-found-text = لا توجد خلاصة أو صفحة على هذا العنوان.
did-you-mean = هل تقصد أحد هذه العناوين؟
gone = لم يعد متاحًا
gone-text = أُزيلت هذه الخلاصة نهائيًا. يُرجى إلغاء الاشتراك فيها.
bad-request = عنوان غير صالح
url-encoding = الرابط ليس نص UTF-8 بترميز النسبة المئوية.
no-page = لا توجد في هذه الخلاصة صفحة { $number }؛ آخر صفحة هي { $last }.
no-media = لا يوجد ملف وسائط لأي مقالة على هذا العنوان.
query-empty = المعامل { $parameter } بلا قيمة. أعطه قيمة أو احذفه.
query-twice = المعامل { $parameter } يقبل قيمة واحدة فقط، وقد ورد مرتين.
query-unknown = لا يوجد معامل باسم { $parameter }. هل تقصد { $known }؟
query-words = يمكن أن يحتوي المعامل { $parameter } على عدد من الكلمات أقصاه { $words }، وطول كل منها بالبايت لا يتجاوز { $bytes }. ابحث عن كلمات أقل أو أقصر.
query-excludes = المعامل { $parameter } يستبعد كلمات فقط. أضف كلمة يجب أن تحتويها المنشورات.
query-no-source = لا يوجد مصدر باسم «{ $value }».
query-no-language = «{ $value }» ليس رمز لغة.
query-range = لا يمكن أن تكون قيمة { $parameter } هي «{ $value }». اكتب عددًا من { $from } إلى { $to }.
query-from = لا يمكن أن تكون قيمة { $parameter } هي «{ $value }». اكتب { $from } أو أكثر.
query-choice = لا يمكن أن تكون قيمة { $parameter } هي «{ $value }». اكتب إحدى هذه القيم: { $choices }.
query-form = لا يمكن أن تكون قيمة { $parameter } هي «{ $value }». اكتبها مثل: { $examples }.
query-period = يجب أن يسبق { $since } الحدَّ { $until }.
query-no-term = لا توجد مقالة قيمة { $parameter } فيها «{ $value }».
query-list = لا توجد مقالة قيمة { $parameter } فيها «{ $value }». كرّر المعامل لكل قيمة: { $repeated }.
query-list-any = لا توجد مقالة قيمة { $parameter } فيها «{ $value }». كرّر المعامل لكل قيمة: { $repeated }. للمقالات التي فيها أي قيمة منها: { $any }.
wordpress-number = لا يعرف هذا الخادم أرقام قاعدة بيانات ووردبريس. اكتب { $instead } بدلًا من { $parameter }.
wordpress-post = لا يعرف هذا الخادم أرقام قاعدة بيانات ووردبريس. استخدم رابط خلاصة جميع المقالات.
