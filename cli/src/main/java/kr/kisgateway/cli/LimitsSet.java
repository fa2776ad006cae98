package kr.kisgateway.cli;

import java.nio.file.Path;
import kr.kisgateway.api.risk.RiskCalls;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        description = "Replace all limits from a file (operator): the edited output of ./kis limits --json.%n"
                + "파일의 내용으로 모든 한도를 새로 설정합니다 (운영자).")
final class LimitsSet extends GatewayCommand {
    @Parameters(
            paramLabel = "FILE.json",
            description =
                    "gateway, accounts, strategies and keys as in docs/RISK.md; all limits in force, null removes")
    private Path file = Path.of("");

    LimitsSet(Kis kis) {
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
                "./kis limits --json prints the limits to begin with",
                this::usageError);
        var response = gateway.change(
                RiskCalls.setLimits(body),
                // They may be changed between two attempts; the second must not undo that.
                GatewayConnection.Retry.ONLY_IF_NOT_SENT);
        return report(response, answer -> {
            screen().line("These limits are in force now, also after a restart.");
            Limits.show(screen(), answer);
        });
    }
}
