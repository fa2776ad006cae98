package kr.kisgateway.cli;

import java.nio.file.Path;
import java.util.TreeMap;
import kr.kisgateway.api.webhook.WebhookCalls;
import kr.kisgateway.api.webhook.WebhookTrial;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        description = "Show what a webhook makes of a sample alert; nothing is ordered (operator).%n"
                + "예시 알림이 어떤 주문이 되는지 보여 줍니다. 주문하지 않습니다 (운영자).")
final class WebhookTry extends GatewayCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "the webhook's name")
    private String name = "";

    @Parameters(index = "1", paramLabel = "ALERT.json", description = "the alert's body; its secret may be left out")
    private Path file = Path.of("");

    WebhookTry(Kis kis) {
        super(kis);
    }

    @Override
    boolean needsOperator() {
        return true;
    }

    @Override
    int run(GatewayConnection gateway) {
        String alert = JsonFile.read(
                kis.process().workingFolder().resolve(file),
                "write the alert's message into it, with values in place of the service's placeholders",
                this::usageError);
        var response = gateway.get(WebhookCalls.test(name, alert));
        int shown = report(response, this::show);
        boolean refused = response instanceof Response.Done<WebhookTrial> done
                && done.answer().code().isPresent();
        return refused ? Kis.REFUSED : shown;
    }

    private void show(WebhookTrial trial) {
        new TreeMap<>(trial.order()).forEach((field, value) -> screen().line("  " + field + " = " + value));
        trial.idempotencyKey().ifPresent(key -> screen().line("  Idempotency-Key = " + key));
        if (trial.code().isPresent()) {
            screen().line("Refused (거부): " + trial.code().get() + ": "
                    + trial.message().orElse(""));
        } else if (trial.dryRun()) {
            screen().line("The alert passes; this webhook only checks and orders nothing (검사만 하며 주문하지 않습니다).");
        } else {
            screen().line(
                            "This alert would be ordered now; the test ordered nothing (실제 알림이면 주문됩니다. 시험에서는 주문하지 않았습니다).");
        }
    }
}
