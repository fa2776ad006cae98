package kr.kisgateway.cli;

import kr.kisgateway.api.session.HealthCalls;
import kr.kisgateway.api.session.Ready;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        description = "Whether the gateway answers; needs no key. Exit code 0 when it does, 3 when it does not.%n"
                + "게이트웨이가 응답하는지 확인합니다 (API 키 불필요).")
final class Health extends GatewayCommand {
    @Option(names = "--ready", description = "whether it is ready to trade, too: exit code 1 when it is not")
    private boolean ready;

    Health(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        if (!ready) {
            return report(gateway.get(HealthCalls.live()), live -> screen().line(live.status()));
        }
        var response = gateway.get(HealthCalls.ready());
        int code = report(response, answer -> {
            screen().line(answer.status());
            answer.blockers().forEach(blocker -> BlockerText.show(screen(), blocker));
        });
        boolean isReady = response instanceof Response.Done<Ready> done
                && done.answer().status().equals("READY");
        return code == Kis.DONE && !isReady ? Kis.REFUSED : code;
    }
}
