package kr.kisgateway.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(description = "Cancel the open quantity of an order, after a confirmation.%n" + "확인을 거쳐 주문의 미체결 수량을 취소합니다.")
final class Cancel extends OrderCancel {
    @Mixin
    private Confirmation confirmation = new Confirmation();

    Cancel(Kis kis) {
        super(kis);
    }

    @Override
    Optional<Integer> exitUnlessConfirmed(GatewayConnection gateway) {
        return confirmChange(
                gateway,
                confirmation,
                order -> "cancels " + Format.value(order.remainingQty()) + " open shares",
                "Cancel it?",
                "취소할까요?");
    }
}
