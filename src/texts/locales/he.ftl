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
digests = { $count ->
    [one] תקציר אחד
    [two] שני תקצירים
   *[other] { $shown } תקצירים
}
digest-posts = כל הרשומות של התקופה ({ $shown })
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
archive = ארכיון
archive-number = ארכיון { $number }

about = על ההזנה
posts-per-month = רשומות בחודש
plot-text = רשומות בחודש מ{ $from } עד { $to }. השיא: { $most } ב{ $month }.
since = רשומה ראשונה
order = סדר
order-published = מהחדש לישן
order-updated = מהעדכון האחרון
order-arrival = מה שהגיע לאחרונה תחילה
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
published-since = פורסם מאז
published-until = פורסם לפני
arrived-since = הגיע מאז
arrived-until = הגיע לפני
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
gone-text = ההזנה הזאת הוסרה לצמיתות. אנא בטלו את המינוי אליה.
bad-request = כתובת לא תקינה
url-encoding = הכתובת אינה UTF-8 בקידוד אחוזים.
no-page = בהזנה הזאת אין עמוד { $number }: האחרון הוא עמוד { $last }.
no-media = אין קובץ מדיה של רשומה בכתובת הזאת.
query-empty = לפרמטר { $parameter } אין ערך. תנו לו ערך או השמיטו אותו.
query-twice = הפרמטר { $parameter } מקבל ערך אחד אך מופיע פעמיים.
query-unknown = אין פרמטר בשם { $parameter }. האם התכוונת ל-{ $known }?
query-words = הפרמטר { $parameter } יכול להכיל עד { $words } מילים באורך { $bytes } בתים כל אחת. חפשו פחות מילים או מילים קצרות יותר.
query-excludes = הפרמטר { $parameter } רק מוציא מילים מהחיפוש. הוסיפו מילה שחייבת להופיע בפוסטים.
query-no-source = אין מקור בשם „{ $value }”.
query-no-language = „{ $value }” אינו קוד שפה.
query-range = הפרמטר { $parameter } אינו יכול להיות „{ $value }”. כתבו מספר מ-{ $from } עד { $to }.
query-from = הפרמטר { $parameter } אינו יכול להיות „{ $value }”. כתבו { $from } או יותר.
query-choice = הפרמטר { $parameter } אינו יכול להיות „{ $value }”. כתבו אחד מאלה: { $choices }.
query-form = הפרמטר { $parameter } אינו יכול להיות „{ $value }”. כתבו כך: { $examples }.
query-period = { $since } חייב להיות לפני { $until }.
query-no-term = לאף רשומה אין בפרמטר { $parameter } הערך „{ $value }”.
query-list = לאף רשומה אין בפרמטר { $parameter } הערך „{ $value }”. חזרו על הפרמטר עבור כל ערך: { $repeated }.
query-list-any = לאף רשומה אין בפרמטר { $parameter } הערך „{ $value }”. חזרו על הפרמטר עבור כל ערך: { $repeated }. לרשומות עם אחד הערכים לפחות: { $any }.
wordpress-number = השרת הזה אינו מכיר את המספרים של מסד הנתונים של WordPress. כתבו { $instead } במקום { $parameter }.
wordpress-post = השרת הזה אינו מכיר את המספרים של מסד הנתונים של WordPress. השתמשו בכתובת של הזנה של כל הרשומות.
