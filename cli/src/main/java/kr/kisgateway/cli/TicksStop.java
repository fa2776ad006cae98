package kr.kisgateway.cli;

import kr.kisgateway.api.history.HistoryCalls;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(description = "End a recording; its files stay (operator).%n" + "틱 기록을 끝냅니다. 파일은 남습니다 (운영자).")
final class TicksStop extends GatewayCommand {
    @Parameters(paramLabel = "ID", description = "the recording's id")
    private String id = "";

    TicksStop(Kis kis) {
        super(kis);
    }

    @Override
    boolean isMutating() {
        return true;
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(
                gateway.change(HistoryCalls.endRecording(id), GatewayConnection.Retry.ONLY_IF_NOT_SENT),
                _ -> screen().line("It records no more; its files stay."));
    }
}
