package released_test

// educated are the sentences of modules and cards that are said in other words since. Claims without a source became
// careful, what is known of low backs says so, and both languages say the same.
var educated = []rewording{
	literally(
		"Some pain during movement is fine: up to 5 out of 10, if it settles within 24 hours. That is how your "+
			"body learns that moving is safe.",
		"Pain during movement is fine, up to 5 out of 10, if it settles within 24 hours. In this way you can "+
			"regain trust in moving, step by step.",
	),
	literally(
		"Een beetje pijn bij bewegen mag: tot en met 5 van de 10, als het binnen 24 uur weer zakt. Zo leert uw "+
			"lichaam dat bewegen veilig is.",
		"Pijn bij bewegen mag, tot en met 5 van de 10, als zij binnen 24 uur weer zakt. Zo kunt u stap voor "+
			"stap weer vertrouwen krijgen in bewegen.",
	),
	literally("The first time is the hardest.", "The first time can be hard."),
	literally("De eerste keer is de moeilijkste.", "De eerste keer kan lastig zijn."),
	literally(
		"After a bad night or a busy week it often hurts more. Your back is the same then, but the alarm is set "+
			"more sharply. Fixed times to sleep, daylight and a few minutes of calm breathing help.",
		"After a bad night or a busy week it can hurt more. Your back or neck is the same then, but the alarm "+
			"can be set more sharply. Fixed times to sleep, daylight during the day and a few minutes of calm "+
			"breathing can help.",
	),
	literally(
		"Na een slechte nacht of een drukke week doet het vaak meer pijn. Uw rug is dan dezelfde, maar het "+
			"alarm staat scherper. Vaste tijden om te slapen, buitenlicht overdag en een paar minuten rustig ademen "+
			"helpen.",
		"Na een slechte nacht of een drukke week kan het meer pijn doen. Uw rug of nek is dan dezelfde, maar "+
			"het alarm kan scherper staan. Vaste tijden om te slapen, buitenlicht overdag en een paar minuten "+
			"rustig ademen kunnen helpen.",
	),
	literally(
		"The goal is half an hour, five days a week; you may take half a year to get there.",
		"The goal is half an hour, five days a week; you may take half a year to get there. It was studied in "+
			"people who had recovered from low back pain.",
	),
	literally(
		"Het doel is een half uur, vijf dagen per week; daar mag u een half jaar over doen.",
		"Het doel is een half uur, vijf dagen per week; daar mag u een half jaar over doen. Dat is onderzocht "+
			"bij mensen die hersteld waren van pijn in de lage rug.",
	),
	literally("Sometimes it gets clearly worse for a few days.", "Sometimes it gets clearly worse for a while."),
	literally("It is unpleasant, but it passes.",
		"That is unpleasant. It can last hours, days or some weeks, and usually settles again."),
	literally("New weakness or numbness? Report it at once.",
		"New weakness or numbness? Call your doctor or the out-of-hours doctor the same day."),
	literally("Soms wordt het een paar dagen duidelijk erger.", "Soms wordt het een tijd duidelijk erger."),
	literally("Het is vervelend, maar het gaat over.",
		"Dat is vervelend. Het kan uren, dagen of een paar weken duren, en zakt meestal weer."),
	literally("Nieuwe zwakte of een doof gevoel? Meld het meteen.",
		"Nieuwe zwakte of een doof gevoel? Bel dezelfde dag uw huisarts of de huisartsenpost."),
	literally(
		"The tissue has recovered, but the alarm is still set too sharply. It then goes off during a movement "+
			"that is safe.",
		"Often no damage can be found, and the alarm is set sharply all the same. It may then go off during a "+
			"movement that is safe.",
	),
	literally(
		"Poor sleep, tension, worries and little movement make it sharper. A calm mind, good sleep and "+
			"gradually moving more make it less sharp. That is why you can have more pain on a busy day than on a "+
			"day off, while your back is the same.",
		"Poor sleep, tension, worries and little movement can make it sharper. A calm mind, good sleep and "+
			"gradually moving more can make it less sharp. So you can have more pain on a busy day than on a day "+
			"off, while your back or neck is the same.",
	),
	literally(
		"On a scan many people without pain show wear as well. Wear is part of life, like wrinkles. So a scan "+
			"usually does not tell why you have pain.",
		"Wear of the low back is normal. It is part of life, like wrinkles. So an X-ray or a scan of it rarely "+
			"helps to tell where the pain comes from.",
	),
	literally(
		"Your therapist has asked about the signs that would make it different. Does something change, for "+
			"example new weakness or numbness? Then report it in the app.",
		"The questionnaire asks about the signs that would make it different. Do you get new weakness or "+
			"numbness in an arm or leg? Then call your doctor or the out-of-hours doctor the same day. Can you no "+
			"longer properly hold your urine or stools, can you no longer pass urine, or is it numb between your "+
			"legs? Then call 112 or the out-of-hours doctor at once. After that, report it in the app as well.",
	),
	literally("Some pain during an exercise is fine, if it settles within a day.",
		"Pain during an exercise is fine, up to 5 out of 10, if it settles within 24 hours."),
	literally(
		"The alarm then learns that the movement is safe. That does not happen in a week. After some weeks many "+
			"people notice that they can do more, even if the pain is not gone yet.",
		"That takes time. The aim is that you can do more, even if the pain is not gone yet.",
	),
	literally(
		"Het weefsel is hersteld, maar het alarm staat nog scherp. Het gaat dan af bij een beweging die veilig "+
			"is.",
		"Vaak is er geen schade te vinden, en staat het alarm toch scherp. Het kan dan afgaan bij een beweging "+
			"die veilig is.",
	),
	literally(
		"Slecht slapen, spanning, zorgen en weinig bewegen maken het scherper. Rust in uw hoofd, goed slapen en "+
			"rustig meer bewegen maken het minder scherp. Daarom kunt u op een drukke dag meer pijn hebben dan op "+
			"een vrije dag, terwijl uw rug dezelfde is.",
		"Slecht slapen, spanning, zorgen en weinig bewegen kunnen het scherper maken. Rust in uw hoofd, goed "+
			"slapen en rustig meer bewegen kunnen het minder scherp maken. Zo kunt u op een drukke dag meer pijn "+
			"hebben dan op een vrije dag, terwijl uw rug of nek dezelfde is.",
	),
	literally(
		"Op een foto of scan is bij veel mensen zonder pijn ook slijtage te zien. Slijtage hoort bij het leven, "+
			"net als rimpels. Een foto vertelt dus meestal niet waarom u pijn heeft.",
		"Slijtage van de lage rug is gewoon. Zij hoort bij het leven, net als rimpels. Een foto of scan van de "+
			"lage rug helpt daarom zelden om te weten waar de pijn vandaan komt.",
	),
	literally(
		"Uw therapeut heeft gevraagd naar de tekenen waarbij dat anders is. Verandert er iets, bijvoorbeeld "+
			"nieuwe zwakte of een doof gevoel? Meld dat dan in de app.",
		"De vragenlijst vraagt naar de tekenen waarbij dat anders is. Krijgt u nieuwe zwakte of een doof gevoel "+
			"in een arm of been? Bel dan dezelfde dag uw huisarts of de huisartsenpost. Kunt u uw plas of "+
			"ontlasting niet meer goed ophouden, kunt u niet meer plassen, of is het doof tussen uw benen? Bel dan "+
			"meteen 112 of de huisartsenpost. Meld het daarna ook in de app.",
	),
	literally("Een beetje pijn tijdens een oefening mag, als het binnen een dag weer zakt.",
		"Pijn tijdens een oefening mag, tot en met 5 van de 10, als zij binnen 24 uur weer zakt."),
	literally(
		"Het alarm leert dan dat de beweging veilig is. Dat gaat niet in een week. Na een paar weken merken "+
			"veel mensen dat ze meer kunnen, ook als de pijn nog niet weg is.",
		"Dat kost tijd. Het doel is dat u meer kunt, ook als de pijn nog niet weg is.",
	),
	literally(
		"But whoever avoids movements for long becomes stiffer and weaker. Then the movement starts to hurt "+
			"more. So the world slowly becomes smaller.",
		"But whoever avoids movements for long can become stiffer and weaker. Then the movement can start to "+
			"hurt more. So the world can slowly become smaller.",
	),
	literally("Your back and neck are strong.", "A back and a neck can do a lot."),
	literally("Sitting upright is no better than slouching, as long as you change now and then.",
		"It has not been proven that sitting upright is better than slouching. Varying your posture does help."),
	literally("Do that step a few times a week, also on a bad day.",
		"Do that step a few times a week, also on a less good day."),
	literally("Often it is not as bad as you thought.", "Perhaps it is not as bad as you thought."),
	literally("Then pain may rise by 2 points.",
		"Then pain may rise by 2 points at most. Above 5, no exercise gets harder."),
	literally("You have not broken anything; the step was too large.",
		"Usually nothing is broken then; the step was too large."),
	literally(
		"Walking, cycling, swimming, gardening, dancing: it all helps.",
		"Walking, cycling, swimming, gardening, dancing: it is all fine. With low back pain, moving helps a "+
			"little on average.",
	),
	literally(
		"Maar wie bewegingen lang vermijdt, wordt stijver en minder sterk. De beweging gaat dan juist meer pijn "+
			"doen. Zo wordt de wereld langzaam kleiner.",
		"Maar wie bewegingen lang vermijdt, kan stijver en minder sterk worden. De beweging kan dan juist meer "+
			"pijn gaan doen. Zo kan de wereld langzaam kleiner worden.",
	),
	literally("Uw rug en nek zijn sterk.", "Een rug en een nek kunnen veel aan."),
	literally("Rechtop zitten is niet beter dan onderuit zitten, zolang u af en toe van houding wisselt.",
		"Dat rechtop zitten beter is dan onderuit zitten, is niet bewezen. Afwisselen helpt wel."),
	literally("Let op wat u van tevoren verwacht en wat er echt gebeurt. Vaak valt het mee.",
		"Let op wat u van tevoren verwacht en wat er echt gebeurt. Misschien valt het mee."),
	literally("Dan mag de pijn 2 punten stijgen.",
		"Dan mag de pijn hooguit 2 punten stijgen. Boven de 5 wordt geen oefening zwaarder."),
	literally("U heeft dan niets kapotgemaakt; de stap was te groot.",
		"Meestal is er dan niets kapot; de stap was te groot."),
	literally(
		"Wandelen, fietsen, zwemmen, tuinieren, dansen: het helpt allemaal.",
		"Wandelen, fietsen, zwemmen, tuinieren, dansen: het is allemaal goed. Bewegen helpt bij pijn in de lage "+
			"rug gemiddeld een beetje.",
	),
	literally("Pain often takes away more than you want. First you skip sports, then the outing, then the visit.",
		"Pain can take away more than you want. First you give up sports, then the outing, then the visit."),
	literally(
		"In empty days pain gets more attention, and your mood sinks. That makes it even harder to start "+
			"something.",
		"In empty days pain can get more attention, and your mood can sink. Then it is even harder to start "+
			"something.",
	),
	literally("Feeling like it often comes while you are doing it.",
		"Feeling like it can also come while you are doing it."),
	literally("Whoever does again what matters often notices that pain takes up less space.",
		"Whoever does again what matters may notice that pain takes up less space."),
	literally("Pijn neemt vaak meer weg dan u lief is.", "Pijn kan meer wegnemen dan u lief is."),
	literally(
		"In lege dagen krijgt pijn meer aandacht, en uw stemming zakt. Dat maakt het nog moeilijker om iets te "+
			"beginnen.",
		"In lege dagen kan pijn meer aandacht krijgen, en kan uw stemming zakken. Dan is het nog moeilijker om "+
			"iets te beginnen.",
	),
	literally("De zin komt vaak pas tijdens het doen.", "De zin kan ook komen terwijl u bezig bent."),
	literally("Wie weer doet wat telt, merkt vaak dat pijn minder ruimte krijgt.",
		"Wie weer doet wat telt, kan merken dat pijn minder ruimte krijgt."),
	literally("With pain come thoughts, by themselves.", "With pain, thoughts come by themselves."),
	literally("They feel true, certainly on a bad day.", "They feel true, especially on a bad day."),
	literally(
		"With a worried thought muscles tense, you breathe faster and you pay more attention to the pain. The "+
			"alarm then rings louder. You start to do less, and the next day the thought seems even more true.",
		"With a worried thought muscles can tense, you can breathe faster and you can pay more attention to the "+
			"pain. The alarm can then ring louder. Perhaps you start to do less, and the next day the thought seems "+
			"even more true.",
	),
	literally("That does not work anyway.", "That often does not work either."),
	literally(
		"The thought is: \"I felt a sting when I bent over, something has torn.\" All you know for sure is that "+
			"it stung. You also know that you can walk, that a sting happened before and that it went away then. A "+
			"thought that helps more: \"A sting is annoying, but no damage.",
		"The thought is: \"I felt a stab of pain when I bent over, something has torn.\" All you know for sure "+
			"is that you felt a stab. You also know that you can walk, that you have had a stab more often and that "+
			"it settled then. A thought that helps more: \"A stab of pain is annoying, but it need not be damage.",
	),
	literally(
		"There is good help for that.",
		"There is help for that. Do you think of suicide? Then call 113 at once, or 112 if there is immediate "+
			"danger.",
	),
	literally(
		"Bij een zorgelijke gedachte spannen spieren zich aan, gaat uw adem sneller en let u meer op de pijn. "+
			"Het alarm gaat dan harder. U gaat minder doen, en de volgende dag lijkt de gedachte nog meer waar.",
		"Bij een zorgelijke gedachte kunnen spieren zich aanspannen, kan uw adem sneller gaan en kunt u meer op "+
			"de pijn letten. Het alarm kan dan harder gaan. Misschien gaat u minder doen, en lijkt de gedachte de "+
			"volgende dag nog meer waar.",
	),
	literally("U hoeft gedachten niet weg te duwen. Dat lukt ook niet.",
		"U hoeft gedachten niet weg te duwen. Dat lukt vaak ook niet."),
	literally("Een gedachte die meer helpt: \"Een steek is vervelend, maar geen schade.",
		"Een gedachte die meer helpt: \"Een steek is vervelend, maar hoeft geen schade te zijn."),
	literally(
		"Bespreek dat met uw therapeut of huisarts. Daar is goede hulp voor.",
		"Bespreek dat met uw therapeut of huisarts. Daar is hulp voor. Denkt u aan zelfmoord? Bel dan meteen "+
			"113, of bij direct gevaar 112.",
	),
	literally("With pain that quickly gets out of balance.", "With pain that can get out of balance."),
	literally(
		"The day after you lie on the couch. So it goes up and down, and in the end you do less and less.",
		"The day after you have to recover on the couch. So it goes up and down, and without noticing you can "+
			"come to do less and less.",
	),
	literally("A fixed measure is better.", "A fixed amount is better."),
	literally("Sleep helps your body recover. After a bad night the alarm is sharper.",
		"Sleep is good for your body. After a bad night the alarm can be set more sharply."),
	literally("Half an hour of daylight helps as well.", "During the day, go outside for half an hour if you can."),
	literally(
		"You notice it by raised shoulders, a tight jaw or shallow breathing. A few minutes of calm breathing "+
			"make a difference: four counts in, six counts out. Do it at fixed moments, then it also works when "+
			"things are busy.",
		"You may notice it by raised shoulders, a tight jaw or shallow breathing. A few minutes of calm "+
			"breathing can help: four counts in, six counts out. Do it at fixed moments, also when things are busy.",
	),
	literally("Bij pijn raakt dat snel uit balans.", "Bij pijn kan dat uit balans raken."),
	literally(
		"De dag erna ligt u op de bank. Zo gaat het op en neer, en uiteindelijk doet u steeds minder.",
		"De dag erna moet u bijkomen op de bank. Zo gaat het op en neer, en kunt u ongemerkt steeds minder gaan "+
			"doen.",
	),
	literally("Slapen helpt uw lichaam herstellen. Na een slechte nacht staat het alarm scherper.",
		"Slapen is goed voor uw lichaam. Na een slechte nacht kan het alarm scherper staan."),
	literally("Overdag een half uur buitenlicht helpt ook.", "Ga overdag een half uur naar buiten, als dat kan."),
	literally(
		"U merkt het aan opgetrokken schouders, een vaste kaak of een hoge adem. Een paar minuten rustig ademen "+
			"maakt een verschil: vier tellen in, zes tellen uit. Doe het op vaste momenten, dan werkt het ook als "+
			"het druk is.",
		"U kunt het merken aan opgetrokken schouders, een vaste kaak of een hoge adem. Een paar minuten rustig "+
			"ademen kan helpen: vier tellen in, zes tellen uit. Doe het op vaste momenten, ook als het druk is.",
	),
	literally("You have done a lot in the past weeks.", "This is the last module."),
	literally(
		"Back and neck pain often comes back. Seven in ten people have complaints again within a year.",
		"Pain in the low back often comes back. Seven in ten people who had recovered have complaints again "+
			"within a year. Of neck pain this is known less precisely.",
	),
	literally("You now know what you can do, and because of that it often lasts shorter and bothers you less.",
		"You now know what you can do."),
	literally(
		"Whoever keeps moving stays well for longer. Walking is a good choice: in a large study people who "+
			"followed a walking plan stayed free of complaints that limited them for about twice as long. They "+
			"gradually built up to half an hour, five days a week.",
		"Walking is a good choice. It was studied in people who had recovered from low back pain. With a "+
			"walking plan and six talks with a physiotherapist they stayed free of complaints that limited them for "+
			"almost twice as long as without treatment: 208 against 112 days. The goal was half an hour, five days "+
			"a week, built up gradually.",
	),
	literally(
		"\"After coffee I walk my round\" works better than \"I will walk more\". Skipping a day does no harm. "+
			"Skipping two weeks neither: you just begin again, with somewhat less.",
		"\"After coffee I take a short walk\" often works better than \"I will walk more\". Skipping a day is "+
			"not a problem. Nor is skipping two weeks: you just begin again, with somewhat less.",
	),
	literally("You can do most of this yourself now.", "You can do much of this yourself."),
	literally("U heeft de afgelopen weken veel gedaan.", "Dit is de laatste module."),
	literally(
		"Rug- en nekpijn komt vaak terug. Zeven van de tien mensen krijgen binnen een jaar weer klachten.",
		"Pijn in de lage rug komt vaak terug. Zeven van de tien mensen die hersteld waren, krijgen binnen een "+
			"jaar weer klachten. Van nekpijn weten we dat minder precies.",
	),
	literally("U weet nu wat u kunt doen, en daardoor duurt het vaak korter en stoort het minder.",
		"U weet nu wat u kunt doen."),
	literally(
		"Wie blijft bewegen, heeft langer geen last. Wandelen is een goede keuze: in een groot onderzoek bleven "+
			"mensen die een wandelplan volgden ongeveer twee keer zo lang vrij van klachten die hen hinderden. Zij "+
			"bouwden rustig op naar een half uur, vijf dagen per week.",
		"Wandelen is een goede keuze. Dat is onderzocht bij mensen die hersteld waren van pijn in de lage rug. "+
			"Met een wandelplan en zes gesprekken met een fysiotherapeut bleven zij bijna twee keer zo lang vrij "+
			"van klachten die hen hinderden als zonder behandeling: 208 tegen 112 dagen. Het doel was een half uur, "+
			"vijf dagen per week, rustig opgebouwd.",
	),
	literally("\"Na de koffie loop ik een rondje\" werkt beter dan \"ik ga meer lopen\".",
		"\"Na de koffie loop ik een rondje\" werkt vaak beter dan \"ik ga meer lopen\"."),
	literally("U kunt dit nu grotendeels zelf.", "Veel hiervan kunt u zelf doen."),
}

// instructed are those of exercises: signs that need a doctor name the doctor.
var instructed = []rewording{
	literally(
		"Stop en neem contact op met uw therapeut bij duizeligheid, dubbelzien of nieuw doof gevoel.",
		"Stop bij duizeligheid, dubbelzien of een nieuw doof gevoel. Bel bij dubbelzien meteen 112. Bel "+
			"bij een nieuw doof gevoel dezelfde dag uw huisarts of de huisartsenpost. Bent u alleen duizelig? "+
			"Vertel het uw therapeut.",
	),
	literally(
		"Stop and contact your therapist if you become dizzy, see double or feel new numbness.",
		"Stop if you become dizzy, see double or feel new numbness. If you see double, call 112 at once. "+
			"With new numbness, call your doctor or the out-of-hours doctor the same day. Are you only dizzy? "+
			"Tell your therapist.",
	),
	literally(
		"Stop bij duizeligheid, dubbelzien of nieuwe krachtvermindering in een arm.",
		"Stop bij duizeligheid, dubbelzien of nieuwe zwakte in een arm. Bel bij dubbelzien meteen 112. Bel "+
			"bij nieuwe zwakte dezelfde dag uw huisarts of de huisartsenpost. Bent u alleen duizelig? Vertel "+
			"het uw therapeut.",
	),
	literally(
		"Stop with dizziness, double vision or new arm weakness.",
		"Stop with dizziness, double vision or new weakness in an arm. With double vision, call 112 at "+
			"once. With new weakness, call your doctor or the out-of-hours doctor the same day. Are you only "+
			"dizzy? Tell your therapist.",
	),
	literally("Minder kracht is hier beter; doe rustiger aan als keel of kaken aanspannen.",
		"Gebruik weinig kracht; doe rustiger aan als keel of kaken aanspannen."),
	literally("Less effort is better here; ease off if your throat or jaw tightens.",
		"Use little effort; ease off if your throat or jaw tightens."),
	literally(
		"Herhaal dezelfde stap tot het gewoon voelt; ongemak mag, nieuwe krachtvermindering of doof gevoel in "+
			"een been is reden om te stoppen.",
		"Herhaal dezelfde stap tot het gewoon voelt; ongemak mag. Stop bij nieuwe zwakte of een nieuw doof "+
			"gevoel in een been, en bel dezelfde dag uw huisarts of de huisartsenpost.",
	),
	literally(
		"Repeat at the same step until it feels ordinary; discomfort is allowed, new leg weakness or numbness "+
			"is a reason to stop.",
		"Repeat at the same step until it feels ordinary; discomfort is allowed. Stop with new weakness or new "+
			"numbness in a leg, and call your doctor or the out-of-hours doctor the same day.",
	),
	literally("Raise the weight only on planned steps; not within the first days of a flare-up.",
		"Raise the weight only on planned steps; not in the first days of a flare."),
	literally("Start with a small turn and plan a slightly larger one each few days.",
		"Start with a small turn and plan a slightly larger one every few days."),
	literally(
		"Stop bij duizeligheid, dubbelzien, moeite met praten of nieuwe krachtvermindering en zoek hulp.",
		"Stop bij duizeligheid, dubbelzien, moeite met praten of nieuwe zwakte. Bel bij dubbelzien of "+
			"moeite met praten meteen 112. Bel bij nieuwe zwakte dezelfde dag uw huisarts of de "+
			"huisartsenpost. Bent u alleen duizelig? Vertel het uw therapeut.",
	),
	literally(
		"Stop with dizziness, double vision, slurred speech or new weakness and seek help.",
		"Stop with dizziness, double vision, trouble speaking or new weakness. With double vision or "+
			"trouble speaking, call 112 at once. With new weakness, call your doctor or the out-of-hours "+
			"doctor the same day. Are you only dizzy? Tell your therapist.",
	),
	literally(
		"Worden zorgen te veel of voelt u zich onveilig, neem dan contact op met uw huisarts of een hulplijn.",
		"Worden de zorgen te veel? Bel dan uw huisarts. Denkt u aan zelfmoord? Bel dan meteen 113, of bij "+
			"direct gevaar 112.",
	),
	literally(
		"If worries become overwhelming or you feel unsafe, contact your doctor or an emergency line.",
		"Do the worries become too much? Then call your doctor. Do you think of suicide? Then call 113 at once, "+
			"or 112 if there is immediate danger.",
	),
	literally(
		"Stop bij pijn op de borst, ongewone benauwdheid of duizeligheid en vraag medisch advies.",
		"Stop bij pijn op de borst of ongewone benauwdheid, en bel meteen 112. Stop ook bij duizeligheid, "+
			"en vertel het uw therapeut.",
	),
	literally(
		"Stop bij pijn op de borst of ongewone benauwdheid.",
		"Stop bij pijn op de borst of ongewone benauwdheid, en bel meteen 112.",
	),
	literally(
		"Stop with chest pain, unusual breathlessness or dizziness and seek medical advice.",
		"Stop with chest pain or unusual breathlessness, and call 112 at once. Stop with dizziness as "+
			"well, and tell your therapist.",
	),
	literally(
		"Stop with chest pain or unusual breathlessness.",
		"Stop with chest pain or unusual breathlessness, and call 112 at once.",
	),
}
