/** An emoji as people look for it. */
export interface NamedEmoji {
  readonly emoji: string;
  /** In the language of the window. */
  readonly name: string;
  /** Folded words of both languages, to be searched in. */
  readonly words: string;
}

/**
 * Emoji, English words, German words, of which the first are the name. The ones that people answer
 * with most stand first (Unicode's frequency table, 2021), then the others by kind.
 */
const list = `
👍 thumbs up,yes,like,good,ok|Daumen hoch,ja,gut
👎 thumbs down,no,dislike,bad|Daumen runter,nein,schlecht
❤️ red heart,love|rotes Herz,Liebe ; 😂 tears of joy,laugh,lol|Freudentränen,lachen
🎉 party popper,congratulations,tada|Konfetti,Glückwunsch,Feier ; 🔥 fire,hot,lit|Feuer,heiß
👀 eyes,look,watching|Augen,schauen
🙏 folded hands,please,thanks,pray|gefaltete Hände,bitte,danke
😀 grinning face,smile,happy|grinsend,fröhlich ; 😃 big smile,happy|strahlend,fröhlich
😄 smiling eyes,laugh|lachende Augen ; 😁 beaming,grin|breites Grinsen
😆 squinting laugh,haha|lachend mit zugekniffenen Augen
😅 sweat smile,phew,relief|Lachen mit Schweiß,puh
🤣 rolling on the floor,rofl|kugelt sich vor Lachen ; 😊 blush,warm smile|errötet,Lächeln
😇 halo,angel,innocent|Heiligenschein,Engel ; 🙂 slight smile|leichtes Lächeln
🙃 upside down,irony|kopfüber,Ironie ; 😉 wink|zwinkern ; 😌 relieved,calm|erleichtert,ruhig
😍 heart eyes,in love|Herzaugen,verliebt ; 🥰 smiling with hearts,adore|Lächeln mit Herzen
😘 blowing a kiss|Kusshand ; 😋 yum,delicious|lecker ; 😛 tongue out|Zunge raus
😜 winking with tongue,crazy|zwinkernd mit Zunge ; 🤪 zany,goofy|verrückt,albern
🤨 raised eyebrow,doubt|hochgezogene Braue,Zweifel ; 🧐 monocle,inspect|Monokel,prüfen
🤓 nerd,glasses|Streber,Brille ; 😎 sunglasses,cool|Sonnenbrille,cool
🥳 party face,celebrate|Partygesicht,feiern ; 🤩 star struck,wow|Sternenaugen,wow
😏 smirk|süffisant ; 😒 unamused|verstimmt ; 😞 disappointed|enttäuscht
😔 pensive,sad|nachdenklich,traurig ; 😟 worried|besorgt ; 😕 confused|verwirrt
🙁 slight frown|leichtes Stirnrunzeln ; 😣 persevering|ausharrend ; 😖 confounded|verstört
😫 tired|erschöpft ; 😩 weary|müde ; 🥺 pleading,puppy eyes|flehend,Bettelblick
😢 crying,sad,tear|weinend,traurig,Träne ; 😭 sobbing,loudly crying|heulend,laut weinend
😤 huffing,triumph|schnaubend ; 😠 angry|verärgert ; 😡 furious,rage,red|wütend,rot
🤬 swearing|fluchend ; 🤯 mind blown,exploding head|Kopf explodiert
😳 flushed,embarrassed|errötet,peinlich ; 🥵 hot face|erhitzt
🥶 cold face,freezing|frierend,kalt ; 😱 screaming,fear|schreiend,Angst ; 😨 fearful|ängstlich
😰 anxious with sweat|Angstschweiß ; 😥 sad but relieved|traurig aber erleichtert
😓 downcast with sweat|bedrückt mit Schweiß ; 🤗 hug,hugging|Umarmung
🤔 thinking,hmm|nachdenkend,hm ; 🫡 salute,yes sir|Salut,jawohl
🤭 hand over mouth,giggle|Hand vorm Mund,kichern ; 🤫 shush,quiet|pst,leise
🤥 lying,nose|Lüge,Nase ; 😶 no mouth,speechless|ohne Mund,sprachlos ; 😐 neutral|neutral
😑 expressionless|ausdruckslos ; 😬 grimace,awkward|Grimasse,peinlich
🙄 rolling eyes|Augenrollen ; 😯 hushed|verblüfft
😮 open mouth,surprised|offener Mund,überrascht ; 😲 astonished|erstaunt
🥱 yawning,bored|gähnend,langweilig ; 😴 sleeping,zzz|schlafend ; 🤤 drooling|sabbernd
😪 sleepy|schläfrig ; 😵 dizzy|schwindlig ; 🤐 zipper mouth,secret|Reißverschluss,geheim
🥴 woozy|beschwipst ; 🤢 nauseated,sick|übel,krank ; 🤮 vomiting|kotzend ; 🤧 sneezing|niesend
😷 mask,ill|Maske,krank ; 🤒 thermometer,fever|Thermometer,Fieber
🤕 bandage,hurt|Verband,verletzt ; 🤑 money mouth|Geldmund ; 🤠 cowboy|Cowboy
😈 smiling devil|lächelnder Teufel ; 👿 angry devil|wütender Teufel ; 👻 ghost|Gespenst
💀 skull,dead|Totenkopf,tot ; 👽 alien|Außerirdischer ; 🤖 robot,bot|Roboter
💩 poop|Kackhaufen ; 🤡 clown|Clown ; 😺 smiling cat|lächelnde Katze
😸 grinning cat|grinsende Katze ; 😻 cat with heart eyes|Katze mit Herzaugen
🙀 weary cat|entsetzte Katze ; 🙈 see no evil,monkey|nichts sehen,Affe
🙉 hear no evil,monkey|nichts hören,Affe ; 🙊 speak no evil,monkey|nichts sagen,Affe
👋 waving hand,hello,bye|winkende Hand,hallo,tschüss ; 🤚 raised back of hand|Handrücken
✋ raised hand,stop,high five|erhobene Hand,halt ; 🖖 vulcan salute|Vulkaniergruß
👌 ok hand,perfect|Okay-Zeichen,perfekt ; 🤌 pinched fingers|zusammengedrückte Finger
✌️ victory,peace|Victory,Frieden ; 🤞 crossed fingers,luck|Daumen drücken,Glück
🤟 love you gesture|Ich-liebe-dich-Geste ; 🤘 horns,rock|Rock,Metal ; 🤙 call me|ruf mich an
👈 pointing left|nach links ; 👉 pointing right|nach rechts ; 👆 pointing up|nach oben
👇 pointing down|nach unten ; ☝️ index up,attention|Zeigefinger hoch,Achtung
✊ raised fist|erhobene Faust ; 👊 fist bump|Faust ; 👏 clapping,applause|klatschen,Applaus
🙌 raising hands,hooray|erhobene Hände,hurra ; 👐 open hands|offene Hände
🤝 handshake,deal|Handschlag,abgemacht ; 💪 strong,muscle|stark,Muskel ; ✍️ writing|schreiben
🫶 heart hands|Herzhände ; 🤷 shrug,dunno|Schulterzucken,keine Ahnung
🤦 facepalm|Hand vor die Stirn ; 🙋 raising hand,me|meldet sich,ich ; 🙇 bowing|verbeugt sich
💃 dancing|Tänzerin,tanzen ; 🕺 man dancing|Tänzer,tanzen
🧑‍💻 technologist,coding|am Computer,programmieren ; 🧡 orange heart|oranges Herz
💛 yellow heart|gelbes Herz ; 💚 green heart|grünes Herz ; 💙 blue heart|blaues Herz
💜 purple heart|lila Herz ; 🖤 black heart|schwarzes Herz ; 🤍 white heart|weißes Herz
💔 broken heart|gebrochenes Herz ; 💕 two hearts|zwei Herzen
💖 sparkling heart|funkelndes Herz ; 💯 hundred,perfect|hundert,perfekt ; 💢 anger|Ärger
💥 boom,collision|Knall,Zusammenstoß ; 💫 dizzy star|Schwindelstern ; 💦 sweat drops|Tropfen
💨 dash,fast|Windstoß,schnell ; 💬 speech balloon,chat|Sprechblase,Chat
💭 thought balloon|Gedankenblase ; 💤 zzz,sleep|schlafen
✅ check mark,done,yes|Häkchen,erledigt,ja ; ☑️ checked box|Kästchen angekreuzt
✔️ heavy check|Haken ; ❌ cross mark,no,wrong|Kreuz,nein,falsch ; ➕ plus|Plus ; ➖ minus|Minus
❓ question mark|Fragezeichen ; ❗ exclamation mark,important|Ausrufezeichen,wichtig
⚠️ warning|Warnung ; 🚫 prohibited|verboten ; ⛔ no entry|Einfahrt verboten
🔴 red circle|roter Kreis ; 🟠 orange circle|oranger Kreis ; 🟡 yellow circle|gelber Kreis
🟢 green circle|grüner Kreis ; 🔵 blue circle|blauer Kreis ; 🟣 purple circle|lila Kreis
⚪ white circle|weißer Kreis ; ⚫ black circle|schwarzer Kreis ; ⭐ star|Stern
🌟 glowing star|leuchtender Stern ; ✨ sparkles|Funkeln ; ⚡ lightning,fast|Blitz,schnell
☀️ sun|Sonne ; 🌤️ sun behind cloud|Sonne mit Wolke ; ☁️ cloud|Wolke ; 🌧️ rain|Regen
⛈️ thunderstorm|Gewitter ; ❄️ snowflake,cold|Schneeflocke,kalt ; ☃️ snowman|Schneemann
🌈 rainbow|Regenbogen ; 🌊 wave,water|Welle,Wasser ; 🌙 moon,night|Mond,Nacht
🌍 earth,world|Erde,Welt ; 🌸 cherry blossom|Kirschblüte ; 🌹 rose|Rose
🌻 sunflower|Sonnenblume ; 🌷 tulip|Tulpe ; 🌱 seedling,grow|Keimling,wachsen
🌲 evergreen,tree|Nadelbaum ; 🌳 tree|Baum ; 🍀 four leaf clover,luck|Kleeblatt,Glück
🍁 maple leaf,autumn|Ahornblatt,Herbst ; 🍄 mushroom|Pilz ; 🐦 bird|Vogel
🐦‍⬛ black bird,crow,rook|schwarzer Vogel,Krähe ; 🦅 eagle|Adler ; 🦉 owl|Eule ; 🦆 duck|Ente
🐧 penguin,linux|Pinguin ; 🐔 chicken|Huhn ; 🐣 hatching chick|Küken ; 🐶 dog|Hund ; 🐱 cat|Katze
🐭 mouse|Maus ; 🐹 hamster|Hamster ; 🐰 rabbit|Hase ; 🦊 fox|Fuchs ; 🐻 bear|Bär ; 🐼 panda|Panda
🐨 koala|Koala ; 🐯 tiger|Tiger ; 🦁 lion|Löwe ; 🐮 cow|Kuh ; 🐷 pig|Schwein ; 🐸 frog|Frosch
🐵 monkey|Affe ; 🐺 wolf|Wolf ; 🐴 horse|Pferd ; 🦄 unicorn|Einhorn ; 🐝 bee|Biene
🐛 bug,caterpillar|Raupe,Fehler ; 🦋 butterfly|Schmetterling ; 🐌 snail,slow|Schnecke,langsam
🐞 ladybug|Marienkäfer ; 🐢 turtle,slow|Schildkröte,langsam ; 🐍 snake,python|Schlange
🐙 octopus|Krake ; 🦀 crab,rust|Krabbe ; 🐠 fish|Fisch ; 🐬 dolphin|Delfin ; 🐳 whale|Wal
🦈 shark|Hai ; 🦖 dinosaur,t-rex|Dinosaurier ; 🐉 dragon|Drache ; ☕ coffee,tea|Kaffee,Tee
🍵 green tea|grüner Tee ; 🍺 beer|Bier ; 🍻 cheers,beers|Prost,Biere ; 🍷 wine|Wein
🥂 clinking glasses|anstoßen ; 🍸 cocktail|Cocktail ; 🥤 soft drink|Limonade ; 🍕 pizza|Pizza
🍔 burger|Burger ; 🍟 fries|Pommes ; 🌭 hot dog|Hotdog ; 🌮 taco|Taco ; 🥗 salad|Salat
🍝 spaghetti,pasta|Nudeln ; 🍜 ramen,noodles|Nudelsuppe ; 🍣 sushi|Sushi ; 🍞 bread|Brot
🥐 croissant|Croissant ; 🥨 pretzel|Brezel ; 🧀 cheese|Käse ; 🥚 egg|Ei ; 🥓 bacon|Speck
🍎 apple|Apfel ; 🍌 banana|Banane ; 🍓 strawberry|Erdbeere ; 🍒 cherries|Kirschen
🍇 grapes|Trauben ; 🍉 watermelon|Wassermelone ; 🍋 lemon|Zitrone ; 🥑 avocado|Avocado
🥕 carrot|Karotte ; 🌽 corn|Mais ; 🍿 popcorn|Popcorn ; 🍪 cookie|Keks ; 🍩 doughnut|Donut
🎂 birthday cake|Geburtstagskuchen ; 🍰 cake|Kuchen ; 🍫 chocolate|Schokolade ; 🍦 ice cream|Eis
🎵 musical note|Note,Musik ; 🎶 notes,music|Noten,Musik ; 🎤 microphone,sing|Mikrofon,singen
🎧 headphones|Kopfhörer ; 🎸 guitar|Gitarre ; 🥁 drum|Trommel ; 🎹 piano,keyboard|Klavier
🎮 game controller,gaming|Spielecontroller,spielen ; 🕹️ joystick|Joystick
🎲 dice,game|Würfel,Spiel ; ♟️ chess|Schach ; 🧩 puzzle|Puzzle
🎯 bullseye,target|Zielscheibe,Ziel ; 🏆 trophy,win|Pokal,Sieg
🥇 gold medal,first|Goldmedaille,Erster ; 🥈 silver medal,second|Silbermedaille,Zweiter
🥉 bronze medal,third|Bronzemedaille,Dritter ; ⚽ football,soccer|Fußball
🏀 basketball|Basketball ; 🏓 table tennis|Tischtennis ; 🎳 bowling|Bowling
🚴 cycling|Radfahren ; 🏃 running|laufen ; 🎁 present,gift|Geschenk ; 🎈 balloon|Luftballon
🎃 pumpkin,halloween|Kürbis,Halloween ; 🎄 christmas tree|Weihnachtsbaum
🎆 fireworks|Feuerwerk ; 🎨 art,paint|Kunst,malen ; 🎬 film,action|Film
📷 camera,photo|Kamera,Foto ; 📺 television|Fernseher ; 💻 laptop,computer|Laptop,Computer
🖥️ desktop,computer|Bildschirm,Computer ; ⌨️ keyboard|Tastatur ; 🖱️ mouse,click|Maus,Klick
📱 phone,mobile|Handy ; ☎️ telephone|Telefon ; 🔋 battery|Batterie ; 🔌 plug|Stecker
💡 idea,light bulb|Idee,Glühbirne ; 🔦 torch,flashlight|Taschenlampe
🔧 wrench,fix|Schraubenschlüssel,reparieren ; 🔨 hammer,build|Hammer,bauen ; 🛠️ tools|Werkzeug
⚙️ gear,settings|Zahnrad,Einstellungen ; 🧰 toolbox|Werkzeugkasten
🧪 test tube,experiment|Reagenzglas,Experiment ; 🔬 microscope|Mikroskop
🔭 telescope|Teleskop ; 📌 pushpin,pin|Reißzwecke,anheften
📎 paperclip,attach|Büroklammer,anhängen ; ✂️ scissors,cut|Schere ; 📝 memo,note|Notiz
✏️ pencil,edit|Bleistift ; 📖 book,read|Buch,lesen ; 📚 books|Bücher
📅 calendar,date|Kalender,Termin ; 📈 chart up|Kurve steigt ; 📉 chart down|Kurve fällt
📊 bar chart|Diagramm ; 📦 package,box|Paket ; ✉️ envelope,mail|Brief,Post
📢 loudspeaker,announcement|Lautsprecher,Ansage ; 🔔 bell,notify|Glocke
🔕 no bell,silent|Glocke aus,stumm ; 🔊 loud|laut ; 🔇 muted|stumm ; 🔒 locked|Schloss zu
🔓 unlocked|Schloss auf ; 🔑 key|Schlüssel ; 🔍 magnifier,search|Lupe,suchen
⏰ alarm clock|Wecker ; ⏳ hourglass,wait|Sanduhr,warten ; ⌛ time is up|Zeit um
🚀 rocket,launch,ship|Rakete,Start ; ✈️ airplane|Flugzeug ; 🚗 car|Auto ; 🚕 taxi|Taxi
🚌 bus|Bus ; 🚲 bicycle|Fahrrad ; 🚂 train|Zug ; ⛵ sailboat|Segelboot
🏠 house,home|Haus,Zuhause ; 🏡 house with garden|Haus mit Garten ; 🏢 office|Büro
🏰 castle|Burg ; ⛺ tent,camping|Zelt ; 🏖️ beach,holiday|Strand,Urlaub ; ⛰️ mountain|Berg
🏁 finish,flag|Ziel,Flagge ; 🚩 red flag|rote Flagge
🏳️‍🌈 rainbow flag,pride|Regenbogenflagge ; 🇩🇪 germany|Deutschland ; 🇦🇹 austria|Österreich
🇨🇭 switzerland|Schweiz ; 🇬🇧 united kingdom|Vereinigtes Königreich
🇺🇸 united states|Vereinigte Staaten ; 🇪🇺 european union,europe|Europäische Union,Europa
🇫🇷 france|Frankreich ; 🇮🇹 italy|Italien ; 🇪🇸 spain|Spanien ; 🇳🇱 netherlands|Niederlande
🇵🇱 poland|Polen ; 🇺🇦 ukraine|Ukraine ; 🇯🇵 japan|Japan ; 🇧🇷 brazil|Brasilien
🇨🇦 canada|Kanada
`;

/** @param language in which the names are */
export function namedEmojis(language: 'en' | 'de'): readonly NamedEmoji[] {
  const entries = list.trim().split(/\n| ; /);
  return entries.map((entry) => {
    const [emoji = '', rest = ''] = entry.split(/ (.*)/);
    const [english = '', german = ''] = rest.split('|');
    const [name = ''] = (language === 'de' ? german : english).split(',');
    return { emoji, name, words: folded(`${english},${german}`) };
  });
}

/** @returns those all of whose asked words begin a word of theirs, in their order; or all */
export function findEmojis(emojis: readonly NamedEmoji[], asked: string): readonly NamedEmoji[] {
  const parts = folded(asked)
    .split(/\s+/)
    .filter((part) => part !== '');
  const isFound = ({ emoji, words }: NamedEmoji): boolean =>
    emoji === asked.trim() || parts.every((part) => beginsWord(words, part));
  return emojis.filter(isFound);
}

function beginsWord(words: string, part: string): boolean {
  return words.startsWith(part) || words.includes(` ${part}`);
}

/** Without marks on letters, so that "ue" is not needed for "ü" nor the other way round. */
function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replaceAll(/[,-]/g, ' ');
}
