skip = דילוג לתוכן
breadcrumb = נתיב ניווט
search = חיפוש
search-posts = חיפוש ברשומות
opml = כל ההזנות (OPML)
served-by = מוגש באמצעות feedmill

subscribe = הרשמה למינוי
subscribe-help = העתיקו את הכתובת הזו לקורא הזנות, ורשומות חדשות יגיעו אליכם.
format = תבנית
url-of = כתובת הזנת { $format }
copy = העתקה
copy-url-of = העתקת כתובת הזנת { $format }
copied = הועתק.
copy-failed = הקישו Ctrl+C כדי להעתיק את הכתובת המסומנת.
open-in-reader = פתיחה בקורא
view-source = הצגת המקור
add-to = הוספה אל

posts = { $count ->
    [one] רשומה אחת
    [two] שתי רשומות
   *[other] { $shown } רשומות
}
newest = החדשה ביותר: { $date }
newest-posts = רשומות חדשות
no-posts = אין עדיין רשומות. הן יופיעו כאן ברגע שיהיו.
no-match = אין רשומות מתאימות.
updated = עודכן { $date }
original = מקור:
pages = עמודים
page-of = עמוד { $number } מתוך { $count }
newer = חדשות יותר
older = ישנות יותר
first = ראשון
last = אחרון

about = על ההזנה
posts-per-month = רשומות בחודש
plot-text = רשומות בחודש מ{ $from } עד { $to }. השיא: { $most } ב{ $month }.
since = רשומה ראשונה
order = סדר
order-published = מהחדש לישן
order-updated = מהעדכון האחרון
content = תוכן הפריטים
content-full = הטקסט המלא
content-summary = תקציר
content-none = כותרת בלבד
limit = מספר פריטים

compose = הרכבת הזנה משלכם
compose-help = בחרו מה תכלול ההזנה. הכתובת והרשומות החדשות יופיעו למטה.
compose-submit = הצגת ההזנה
compose-reset = התחלה מחדש
composed = ההזנה שלכם
combine = שילוב עם תנאים נוספים
search-for = חיפוש: { $words }
with-any = אחד מאלה
with-all = כל אלה
with-none = אף אחד מאלה
words = עם המילים
section = מדור

feeds = הזנות
sources = מקורות
languages = שפות
tags = תגיות
categories = קטגוריות
authors = מחברים
feeds-count = { $count ->
    [one] הזנה אחת
    [two] שתי הזנות
   *[other] { $shown } הזנות
}
show-all = { $count ->
   *[other] הצגת הכול ({ $shown })
}
group-help = כל אחת מאלה היא הזנה שאפשר להירשם אליה.
group-empty = אין עדיין. הן יופיעו כאן ברגע שיהיו.
filter = סינון
filter-empty = אין פריטים שמתאימים לסינון.

preview = תצוגה מקדימה
preview-of = תצוגה מקדימה של { $title }
on-site = באתר:
link-to-post = קישור לפוסט הזה
feeds-with-post = הזנות עם הפוסט הזה
file = קובץ:
all-feeds = כל ההזנות

not-found = לא נמצא
not-found-text = אין הזנה או עמוד בכתובת הזאת.
did-you-mean = האם התכוונת לאחת מאלה?
gone = אינו זמין עוד
gone-text = ההזנה הזאת הוסרה.
bad-request = כתובת לא תקינה
