// A small Bolt app in Slack's own JavaScript: /report opens a form, what is sent becomes a message, and its button edits that
// message and uploads a file into its thread. Nothing in it knows of the sandbox but the address in the environment.
import bolt from "@slack/bolt";

const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_API_URL } = process.env;

const app = new bolt.App({
  token: SLACK_BOT_TOKEN,
  appToken: SLACK_APP_TOKEN,
  socketMode: true,
  clientOptions: { slackApiUrl: SLACK_API_URL },
});

const plain = (text) => ({ type: "plain_text", text });

const form = (channel) => ({
  type: "modal",
  callback_id: "report",
  private_metadata: channel,
  title: plain("Report"),
  submit: plain("Send"),
  blocks: [
    {
      type: "input",
      block_id: "title",
      label: plain("What is wrong?"),
      element: { type: "plain_text_input", action_id: "text" },
    },
  ],
});

const report = (title) => [
  { type: "section", text: { type: "mrkdwn", text: `*Report:* ${title}` } },
  {
    type: "actions",
    elements: [{ type: "button", action_id: "solve", value: title, text: plain("Solved") }],
  },
];

app.command("/report", async ({ ack, body, client }) => {
  await ack();
  await client.views.open({ trigger_id: body.trigger_id, view: form(body.channel_id) });
});

app.view("report", async ({ ack, view, client }) => {
  const title = view.state.values.title.text.value;
  if (title.length < 3) {
    await ack({ response_action: "errors", errors: { title: "Please say more." } });
    return;
  }
  await ack();
  await client.conversations.join({ channel: view.private_metadata });
  await client.chat.postMessage({ channel: view.private_metadata, text: `Report: ${title}`, blocks: report(title) });
});

app.action("solve", async ({ ack, action, body, client }) => {
  await ack();
  const channel = body.channel.id;
  const { ts } = body.message;
  await client.chat.update({ channel, ts, text: `Solved: ${action.value}`, blocks: [] });
  await client.files.uploadV2({
    channel_id: channel,
    thread_ts: ts,
    filename: "report.txt",
    title: "The report",
    content: `${action.value}\nSolved by ${body.user.name}\n`,
  });
});

app.error(async (error) => {
  console.log(`failed: ${error.code} ${error.message}`);
});

await app.start();
console.log("connected");
