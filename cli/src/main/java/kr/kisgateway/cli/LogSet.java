package kr.kisgateway.cli;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.log.LogCalls;
import kr.kisgateway.api.log.LogLevelRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description = "Set the level of a stream of the log for a while (operator); it ends by itself.%n"
                + "로그 스트림의 수준을 일정 시간 동안 바꿉니다 (운영자). 시간이 지나면 저절로 되돌아갑니다.")
final class LogSet extends GatewayCommand {
    @Parameters(index = "0", paramLabel = "STREAM", description = "as ./kis log lists them, for example gateway.order")
    private String stream = "";

    @Parameters(index = "1", paramLabel = "LEVEL", description = "trace, debug, info, warn or error")
    private String level = "";

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = TimeSpan.Minutes.class,
            description = "how long, as 30m or 2h, at most 24h (15m)")
    private Optional<Integer> minutes = Optional.empty();

    LogSet(Kis kis) {
        super(kis);
    }

    @Override
    boolean isMutating() {
        return true;
    }

    @Override
    int run(GatewayConnection gateway) {
        var response = gateway.change(
                LogCalls.setLevel(new LogLevelRequest(stream, Optional.of(level), minutes)),
                GatewayConnection.Retry.IDEMPOTENT); // setting it twice has the effect of once
        return report(response, answer -> LogList.show(screen(), List.of(answer)));
    }
}
