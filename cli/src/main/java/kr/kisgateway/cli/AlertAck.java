package kr.kisgateway.cli;

import java.util.Optional;
import kr.kisgateway.api.alert.AlertAcknowledgement;
import kr.kisgateway.api.alert.AlertCalls;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description = "Take note of an alert: it is not sent again and not escalated until it is over (operator).%n"
                + "경보를 확인합니다. 해소될 때까지 다시 보내거나 상위로 보내지 않습니다 (운영자).")
final class AlertAck extends GatewayCommand {
    @Parameters(index = "0", paramLabel = "EVENT", description = "as ./kis alerts shows it")
    private String event = "";

    @Parameters(index = "1", paramLabel = "SUBJECT", description = "as ./kis alerts shows it")
    private String subject = "";

    @Option(names = "--note", paramLabel = "TEXT", description = "what is done about it")
    private Optional<String> note = Optional.empty();

    AlertAck(Kis kis) {
        super(kis);
    }

    @Override
    boolean isMutating() {
        return true;
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(
                gateway.change(
                        AlertCalls.acknowledge(new AlertAcknowledgement(event, subject, note)),
                        GatewayConnection.Retry.IDEMPOTENT),
                answer -> screen().line(answer.event() + " about " + answer.subject() + " is noted by " + answer.by()
                        + " since " + Format.dateTime(answer.at()) + "."));
    }
}
