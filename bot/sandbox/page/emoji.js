// The shortcodes an incident is likely to use. Whatever is not here is shown as :name:, as it was written.

const TABLE = `
+1 👍|-1 👎|alarm_clock ⏰|ambulance 🚑|arrow_down ⬇️|arrow_forward ▶️|arrow_left ⬅️|arrow_right ➡️|arrow_up ⬆️|ballot_box_with_check ☑️
bar_chart 📊|beetle 🪲|bell 🔔|black_circle ⚫|black_square_button 🔲|blue_circle 🔵|large_blue_circle 🔵|bookmark 🔖|books 📚|boom 💥
brain 🧠|broom 🧹|bug 🐛|bulb 💡|calendar 📆|chart_with_downwards_trend 📉|chart_with_upwards_trend 📈|checkered_flag 🏁|clap 👏
clipboard 📋|clock1 🕐|clock3 🕒|construction 🚧|crossed_fingers 🤞|crying_cat_face 😿|dart 🎯|date 📅|desktop_computer 🖥️
double_vertical_bar ⏸️|droplet 💧|ear 👂|email ✉️|envelope ✉️|exclamation ❗|heavy_exclamation_mark ❗|eyes 👀|fast_forward ⏩|file_folder 📁
fire 🔥|fire_engine 🚒|flag-us 🇺🇸|gear ⚙️|ghost 👻|grey_question ❔|handshake 🤝|heart ❤️|heavy_check_mark ✔️|heavy_minus_sign ➖
heavy_multiplication_x ✖️|heavy_plus_sign ➕|helmet_with_white_cross ⛑️|hourglass ⌛|hourglass_flowing_sand ⏳|house 🏠|inbox_tray 📥
information_source ℹ️|jigsaw 🧩|key 🔑|label 🏷️|large_green_circle 🟢|large_orange_circle 🟠|large_purple_circle 🟣|large_red_square 🟥
large_yellow_circle 🟡|large_white_circle ⚪|white_circle ⚪|link 🔗|lock 🔒|loudspeaker 📢|mag 🔍|mag_right 🔎|man-shrugging 🤷‍♂️|mega 📣|memo 📝
microscope 🔬|mute 🔇|negative_squared_cross_mark ❎|new 🆕|no_entry ⛔|no_entry_sign 🚫|notebook 📓|ok ✅|ok_hand 👌|one 1️⃣|two 2️⃣|three 3️⃣
four 4️⃣|five 5️⃣|orange_circle 🟠|outbox_tray 📤|package 📦|page_facing_up 📄|paperclip 📎|party_popper 🎉|tada 🎉|pause_button ⏸️|pencil ✏️|pencil2 ✏️
phone ☎️|point_down 👇|point_left 👈|point_right 👉|point_up 👆|pray 🙏|purple_circle 🟣|pushpin 📌|question ❓|radio_button 🔘|raised_hand ✋
raised_hands 🙌|recycle ♻️|red_circle 🔴|repeat 🔁|rewind ⏪|robot_face 🤖|rocket 🚀|rotating_light 🚨|round_pushpin 📍|satellite_antenna 📡
scales ⚖️|see_no_evil 🙈|seedling 🌱|shield 🛡️|slightly_smiling_face 🙂|smile 😄|sos 🆘|sparkles ✨|speaking_head_in_silhouette 🗣️
speech_balloon 💬|stopwatch ⏱️|sunrise 🌅|sweat_smile 😅|technologist 🧑‍💻|telescope 🔭|test_tube 🧪|thinking_face 🤔|thread 🧵|thumbsup 👍|thumbsdown 👎
timer_clock ⏲️|triangular_flag_on_post 🚩|twisted_rightwards_arrows 🔀|unlock 🔓|warning ⚠️|wastebasket 🗑️|wave 👋|white_check_mark ✅
white_large_square ⬜|white_medium_square ◻️|wrench 🔧|hammer_and_wrench 🛠️|writing_hand ✍️|x ❌|yellow_circle 🟡|zap ⚡|zzz 💤`;

const EMOJI = new Map(TABLE.trim().split(/[|\n]/).map((entry) => entry.split(" ")));

/** The character for a shortcode, or `:name:` when it is not one of ours. */
export const emoji = (name) => EMOJI.get(name) ?? `:${name}:`;

/** Text with its known shortcodes replaced: for plain_text, which knows no other markup. */
export const emojify = (text) => text.replace(/:([a-z0-9_+-]+):/g, (_, name) => emoji(name));

/** What the reaction menu offers. */
export const REACTIONS = ["eyes", "+1", "heavy_plus_sign", "heavy_minus_sign", "pushpin", "raised_hands"];
