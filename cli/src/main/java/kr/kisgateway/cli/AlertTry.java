package kr.kisgateway.cli;

import java.time.Duration;
import kr.kisgateway.api.alert.AlertCalls;
import kr.kisgateway.api.alert.ChannelTest;
import kr.kisgateway.api.alert.ChannelTestRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Send a test message to a channel of alerts.yaml; exit code 1 when it is not delivered (operator).%n"
                        + "alerts.yaml 의 채널에 시험 메시지를 보냅니다 (운영자).")
final class AlertTry extends GatewayCommand {
    /** The gateway itself waits 30 s for the receiver. */
    private static final Duration LIMIT = Duration.ofSeconds(40);

    @Parameters(paramLabel = "CHANNEL", description = "the channel's name")
    private String channel = "";

    AlertTry(Kis kis) {
        super(kis);
    }

    @Override
    boolean isMutating() {
        return true;
    }

    @Override
    Duration limit() {
        return LIMIT;
    }

    @Override
    int run(GatewayConnection gateway) {
        var response = gateway.change(
                AlertCalls.test(new ChannelTestRequest(channel)), GatewayConnection.Retry.ONLY_IF_NOT_SENT);
        int shown = report(response, this::show);
        boolean failed = response instanceof Response.Done<ChannelTest> done
                && !done.answer().delivered();
        return failed ? Kis.REFUSED : shown;
    }

    private void show(ChannelTest test) {
        screen().line(
                        test.delivered()
                                ? test.channel() + " (" + test.type() + ") took the test message."
                                : test.channel() + " (" + test.type() + ") did not take it: "
                                        + test.reason().orElse("for an unknown reason") + ".");
    }
}
