package kr.kisgateway.cli;

import java.nio.file.Path;
import kr.kisgateway.api.webhook.MadeWebhook;
import kr.kisgateway.api.webhook.WebhookCalls;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        description = "Create a webhook from a file (operator); its secret is printed once.%n"
                + "파일로 웹훅을 만듭니다 (운영자). 비밀값은 한 번만 표시됩니다.")
final class WebhookCreate extends GatewayCommand {
    @Parameters(paramLabel = "FILE.json", description = "name, key, order, id and time as in docs/WEBHOOKS.md")
    private Path file = Path.of("");

    WebhookCreate(Kis kis) {
        super(kis);
    }

    @Override
    boolean isMutating() {
        return true;
    }

    @Override
    int run(GatewayConnection gateway) {
        String body = JsonFile.read(
                kis.process().workingFolder().resolve(file),
                "docs/WEBHOOKS.md has one to begin with",
                this::usageError);
        // A second webhook of the name is refused, and the first one's secret would be lost with its answer.
        var response = gateway.change(WebhookCalls.create(body), GatewayConnection.Retry.ONLY_IF_NOT_SENT);
        return report(response, this::show);
    }

    private void show(MadeWebhook made) {
        screen().line("Webhook " + made.webhook().name() + " orders as key "
                + made.webhook().key() + (made.webhook().dryRun() ? ", dry run: nothing is ordered." : "."));
        screen().line("Address with the secret, printed only now (비밀값을 포함한 주소, 지금만 표시):");
        kis.process().out().println(made.url().orElse(made.path()));
        screen().line("Or send to " + WebhooksList.path(made.webhook().name())
                + " with this member \"secret\" in the alert (또는 알림에 \"secret\" 항목으로):");
        kis.process().out().println(made.secret());
    }
}
