package kr.kisgateway.cli;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import kr.kisgateway.api.log.LogCalls;
import kr.kisgateway.api.log.LogLevelRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

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
            converter = Minutes.class,
            description = "how long, as 30m or 2h, at most 24h (15m)")
    private Optional<Integer> minutes = Optional.empty();

    LogSet(Kis kis) {
        super(kis);
    }

    /** A time as {@code 30m} or {@code 2h}, in minutes. */
    static final class Minutes implements ITypeConverter<Integer> {
        private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,3})([mh])");

        @Override
        public Integer convert(String text) {
            var form = FORM.matcher(text);
            if (form.matches()) {
                long number = Long.parseLong(form.group(1));
                var time = form.group(2).equals("m") ? Duration.ofMinutes(number) : Duration.ofHours(number);
                if (time.compareTo(Duration.ofDays(1)) <= 0) {
                    return (int) time.toMinutes();
                }
            }
            throw new TypeConversionException("is a time as 30m or 2h, at most 24h: " + text);
        }
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
