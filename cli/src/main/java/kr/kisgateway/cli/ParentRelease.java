package kr.kisgateway.cli;

import java.util.Optional;
import kr.kisgateway.api.parent.Parent;
import kr.kisgateway.api.parent.ParentCalls;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        description = "Place an order that is held because its price was reached while the gateway was away, after a"
                + " confirmation.%n확인을 거쳐, 게이트웨이가 멈춘 사이 조건이 충족되어 보류된 주문을 접수합니다.")
final class ParentRelease extends ParentChange {
    @Mixin
    private KeyOption keyOption = new KeyOption();

    ParentRelease(Kis kis) {
        super(kis, "show");
    }

    /** What is held is an order of its own: of a bracket not the entry, but the stop. */
    @Override
    String change(Parent parent) {
        return parent.legs().stream()
                .filter(leg -> leg.status().equals("HELD"))
                .findFirst()
                .map(leg -> "places " + ParentShow.terms(leg) + " now, whatever the price is by now")
                .orElse("places what is held of it, and nothing is held now");
    }

    @Override
    Question question() {
        return new Question("Place it?", "접수할까요?");
    }

    @Override
    int send(GatewayConnection gateway, String parentId) {
        String key = keyOption.use(this, kis);
        return report(
                gateway.change(ParentCalls.release(parentId).withKey(key), GatewayConnection.Retry.IDEMPOTENT),
                parent -> ParentShow.show(screen(), parent),
                Optional.of(key));
    }
}
