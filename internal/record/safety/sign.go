package safety

import "strings"

// Sign is one thing that a patient is asked about because it may point to something exercise must not touch.
type Sign string

// The signs of the intake. Each is answered with yes or no; those of the neck only when the neck hurts.
const (
	BladderBowel       Sign = "bladder_bowel"
	SaddleNumbness     Sign = "saddle_numbness"
	SevereLegWeakness  Sign = "severe_leg_weakness"
	NeckVascular       Sign = "neck_vascular"
	NeckMeningitis     Sign = "neck_meningitis"
	MajorTrauma        Sign = "major_trauma"
	ChestPain          Sign = "chest_pain"
	CancerHistory      Sign = "cancer_history"
	WeightLoss         Sign = "weight_loss"
	NightPain          Sign = "night_pain"
	Infection          Sign = "infection"
	Trauma             Sign = "trauma"
	MinorTrauma        Sign = "minor_trauma"
	Osteoporosis       Sign = "osteoporosis"
	SevereOsteoporosis Sign = "severe_osteoporosis"
	Corticosteroids    Sign = "corticosteroids"
	HandClumsiness     Sign = "hand_clumsiness"
	UnsteadyGait       Sign = "unsteady_gait"
	SpreadNumbness     Sign = "spread_numbness"
	NewArmWeakness     Sign = "new_arm_weakness"
	NewLegWeakness     Sign = "new_leg_weakness"
	NoImprovement      Sign = "no_improvement"
	MorningStiffness   Sign = "morning_stiffness"
	Pregnancy          Sign = "pregnancy"
	SpinalSurgery      Sign = "spinal_surgery"
	HeartLung          Sign = "heart_lung"
)

// The signs of "anything new?", asked after each session and each week.
const (
	NewNumbness       Sign = "new_numbness"
	NewWeakness       Sign = "new_weakness"
	DizzyDoubleVision Sign = "dizzy_double_vision"
)

// Question asks for a sign, in own words at B1 level.
type Question struct {
	Sign   Sign
	NL, EN string
}

// IntakeQuestions are asked at every intake, in this order.
var IntakeQuestions = []Question{
	{BladderBowel, "Kunt u sinds kort uw plas of ontlasting niet meer goed ophouden, of juist niet meer plassen?",
		"Have you recently lost control of your bladder or bowels, or can you no longer pass urine?"},
	{SaddleNumbness, "Heeft u een doof gevoel tussen uw benen of rond uw billen?",
		"Is the area between your legs or around your buttocks numb?"},
	{SevereLegWeakness, "Is een been erg zwak, of wordt het steeds zwakker, zodat lopen moeilijk gaat?",
		"Is a leg very weak, or getting weaker, so that walking is hard?"},
	{NeckVascular, "Heeft u hevige nek- of hoofdpijn die u niet kent, met dubbelzien, moeite met praten of slikken, " +
		"een scheef gezicht of plotseling vallen?", "Do you have severe neck pain or headache unlike any before, " +
		"with double vision, trouble speaking or swallowing, a drooping face or sudden falls?"},
	{NeckMeningitis, "Is uw nek stijf en heeft u daarbij koorts, huiduitslag of bent u suf?",
		"Is your neck stiff, together with fever, a rash or drowsiness?"},
	{MajorTrauma,
		"Begon de pijn na een zwaar ongeluk: hoge snelheid, een val van meer dan een meter, of een klap op uw hoofd?",
		"Did the pain start after a serious accident: high speed, a fall of more than a metre, or a blow to the top " +
			"of your head?"},
	{ChestPain, "Heeft u nu pijn op de borst of bent u erg benauwd?",
		"Do you have chest pain or severe breathlessness now?"},
	{CancerHistory, "Heeft u ooit kanker gehad?", "Have you ever had cancer?"},
	{WeightLoss, "Bent u afgevallen zonder dat u dat wilde?", "Have you lost weight without trying?"},
	{NightPain, "Heeft u 's nachts steeds pijn, die niet weggaat als u anders gaat liggen?",
		"Do you have constant pain at night that does not ease when you change position?"},
	{Infection,
		"Heeft u koorts of rillingen, kort geleden een infectie met bacteriën gehad, een zwakke afweer, of gebruikt " +
			"u drugs met een naald?",
		"Do you have fever or chills, had a bacterial infection recently, have a weak immune system, or inject drugs?"},
	{Trauma, "Begon de pijn na een val of ongeluk?", "Did the pain start after a fall or accident?"},
	{MinorTrauma, "Begon de pijn na een kleine val, een struikeling of het tillen van iets?",
		"Did the pain start after a small fall, a stumble or lifting something?"},
	{Osteoporosis, "Heeft u botontkalking?", "Do you have osteoporosis?"},
	{SevereOsteoporosis, "Heeft u ernstige botontkalking, of brak u een wervel?",
		"Do you have severe osteoporosis, or a broken vertebra?"},
	{Corticosteroids, "Slikt u lang prednison of een ander corticosteroïd?",
		"Have you taken prednisone or another corticosteroid for a long time?"},
	{HandClumsiness, "Zijn uw handen onhandig geworden, bijvoorbeeld bij knoopjes of schrijven?",
		"Have your hands become clumsy, for example with buttons or writing?"},
	{UnsteadyGait, "Loopt u onzeker of wankel sinds deze klachten?", "Do you walk unsteadily since these complaints?"},
	{SpreadNumbness, "Heeft u een doof gevoel in beide armen, beide benen of een groot deel van uw lichaam?",
		"Are both arms, both legs or a large part of your body numb?"},
	{NewArmWeakness, "Is een arm of hand sinds kort zwakker?", "Has an arm or hand become weaker recently?"},
	{NewLegWeakness, "Is een been of voet sinds kort iets zwakker?",
		"Has a leg or foot become a little weaker recently?"},
	{NoImprovement, "Is er in de afgelopen 4 weken helemaal niets verbeterd?",
		"Has nothing at all improved in the past 4 weeks?"},
	{MorningStiffness, "Bent u 's ochtends langer dan een half uur stijf, en wordt dat beter door te bewegen?",
		"Are you stiff in the morning for more than half an hour, and does moving help?"},
	{Pregnancy, "Bent u zwanger, of bent u in de laatste 3 maanden bevallen?",
		"Are you pregnant, or did you give birth in the last 3 months?"},
	{SpinalSurgery, "Bent u in de laatste 3 maanden aan uw rug of nek geopereerd?",
		"Have you had surgery on your back or neck in the last 3 months?"},
	{HeartLung, "Heeft u een hart- of longziekte die u bij inspanning beperkt?",
		"Do you have a heart or lung disease that limits you when you exert yourself?"},
}

// NewSignQuestions are asked after each session and in each weekly check-in, as one list: "anything new?".
var NewSignQuestions = []Question{
	{NewNumbness, "Een nieuw doof gevoel in een arm of been", "New numbness in an arm or leg"},
	{SaddleNumbness, "Een doof gevoel tussen de benen of rond de billen",
		"Numbness between the legs or around the buttocks"},
	{NewWeakness, "Nieuwe zwakte in een arm of been", "New weakness in an arm or leg"},
	{BladderBowel, "Een verandering bij plassen of ontlasting", "A change in bladder or bowel control"},
	{DizzyDoubleVision, "Duizelig en dubbelzien", "Dizziness with double vision"},
	{ChestPain, "Pijn op de borst of erg benauwd", "Chest pain or severe breathlessness"},
}

// JoinSigns writes signs as one text for a column; ParseSigns reads it.
func JoinSigns(signs []Sign) string {
	texts := make([]string, len(signs))
	for i, s := range signs {
		texts[i] = string(s)
	}
	return strings.Join(texts, ",")
}

// ParseSigns reads what JoinSigns wrote.
func ParseSigns(text string) (signs []Sign) {
	for s := range strings.SplitSeq(text, ",") {
		if s != "" {
			signs = append(signs, Sign(s))
		}
	}
	return signs
}
