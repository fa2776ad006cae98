package kr.kisgateway.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import kr.kisgateway.api.alert.AlertCalls;
import kr.kisgateway.api.alert.Silence;
import kr.kisgateway.api.alert.SilenceRequest;
import kr.kisgateway.api.alert.Silences;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description = "Do not send the alerts of an event for a while; without EVENT, the silences (operator).%n"
                + "한 종류의 경보를 잠시 보내지 않습니다. EVENT 가 없으면 목록을 보여 줍니다 (운영자).")
final class AlertSilence extends GatewayCommand {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,4})(m|h|d)");

    @Parameters(index = "0", arity = "0..1", paramLabel = "EVENT", description = "as ./kis alerts shows it")
    private Optional<String> event = Optional.empty();

    @Option(names = "--subject", paramLabel = "TEXT", description = "of this subject only")
    private Optional<String> subject = Optional.empty();

    @Option(names = "--for", paramLabel = "TIME", description = "for how long: 30m, 8h or 2d, at most 7d")
    private Optional<String> length = Optional.empty();

    @Option(names = "--until", paramLabel = "TIME", description = "or until then, as 2026-11-23T08:30:00+09:00")
    private Optional<String> until = Optional.empty();

    @Option(names = "--reason", paramLabel = "TEXT", description = "why")
    private Optional<String> reason = Optional.empty();

    @Option(names = "--end", paramLabel = "ID", description = "end the silence of this number")
    private Optional<String> end = Optional.empty();

    AlertSilence(Kis kis) {
        super(kis);
    }

    @Override
    boolean isMutating() {
        return event.isPresent() || end.isPresent();
    }

    @Override
    boolean needsOperator() {
        return true;
    }

    @Override
    int run(GatewayConnection gateway) {
        if (event.isPresent() && end.isPresent()) {
            throw usageError("Name an EVENT to silence, or the silence to --end, not both.");
        }
        if (end.isPresent()) {
            return report(
                    gateway.change(AlertCalls.endSilence(end.get()), GatewayConnection.Retry.ONLY_IF_NOT_SENT),
                    silence -> screen().line("The silence " + silence.id() + " has ended; what persists is sent."));
        }
        if (event.isEmpty()) {
            return report(gateway.get(AlertCalls.silences()), this::show);
        }
        var request = new SilenceRequest(
                event.get(),
                subject,
                end(),
                reason.orElseThrow(() -> usageError("--reason is required: it is recorded with the silence.")));
        return report(
                gateway.change(AlertCalls.silence(request), GatewayConnection.Retry.IDEMPOTENT),
                silence -> screen().line("Silence " + silence.id() + ": " + silence.event()
                        + silence.subject().map(it -> " about " + it).orElse("") + " is not sent until "
                        + Format.dateTime(silence.until()) + "; ./kis alerts silence --end " + silence.id()
                        + " ends it."));
    }

    private OffsetDateTime end() {
        if (length.isPresent() == until.isPresent()) {
            throw usageError("Set either --for, as 8h, or --until.");
        }
        if (until.isPresent()) {
            try {
                return OffsetDateTime.parse(until.get());
            } catch (DateTimeException _) {
                throw usageError("--until must be a time with offset, as 2026-11-23T08:30:00+09:00");
            }
        }
        var parts = DURATION.matcher(length.get());
        if (!parts.matches()) {
            throw usageError("--for must be a time as 30m, 8h or 2d");
        }
        long count = Long.parseLong(parts.group(1));
        var duration = switch (parts.group(2)) {
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
        return kis.process()
                .clock()
                .instant()
                .plus(duration)
                .atZone(TradingCalendar.SEOUL)
                .toOffsetDateTime();
    }

    private void show(Silences answer) {
        if (answer.silences().isEmpty()) {
            screen().line("No silence: every alert is sent by the rules of alerts.yaml.");
            return;
        }
        screen().table(
                        List.of(
                                Column.right("ID"),
                                Column.left("EVENT"),
                                Column.left("SUBJECT"),
                                Column.left("UNTIL"),
                                Column.left("BY"),
                                Column.left("REASON")),
                        answer.silences().stream().map(AlertSilence::row).toList());
    }

    private static List<String> row(Silence silence) {
        return List.of(
                Long.toString(silence.id()),
                silence.event(),
                silence.subject().orElse("all"),
                Format.dateTime(silence.until()),
                silence.by(),
                silence.reason());
    }
}
