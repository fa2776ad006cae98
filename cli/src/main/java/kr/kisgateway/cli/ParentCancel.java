package kr.kisgateway.cli;

import kr.kisgateway.api.parent.Parent;
import kr.kisgateway.api.parent.ParentCalls;
import picocli.CommandLine.Command;

@Command(
        description = "End a parent order, after a confirmation; what is placed already is cancelled.%n"
                + "확인을 거쳐 예약·조건 주문을 취소합니다. 이미 접수된 주문은 미체결 수량을 취소합니다.")
final class ParentCancel extends ParentChange {
    ParentCancel(Kis kis) {
        super(kis, "cancel");
    }

    @Override
    String change(Parent parent) {
        return isUnplaced(parent) ? "ends it; nothing is placed" : "ends it, and cancels the open shares of its orders";
    }

    @Override
    Question question() {
        return new Question("Cancel it?", "취소할까요?");
    }

    @Override
    int send(GatewayConnection gateway, String parentId) {
        return report(
                gateway.change(ParentCalls.cancel(parentId), GatewayConnection.Retry.IDEMPOTENT),
                parent -> screen().line(parent.parentId() + "  " + parent.status()
                        + (isUnplaced(parent)
                                ? ": nothing was placed."
                                : ": a cancel of its open orders is requested.")));
    }

    private static boolean isUnplaced(Parent parent) {
        return parent.legs().stream().allMatch(leg -> leg.orderId().isEmpty());
    }
}
