package kr.kisgateway.cli;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.Optional;
import kr.kisgateway.api.parent.ParentCalls;
import kr.kisgateway.api.parent.ParentChangeRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(description = "Change a scheduled order before it is placed.%n" + "접수 전인 예약 주문을 변경합니다.")
final class ParentModify extends GatewayCommand {
    @Parameters(paramLabel = "ID", description = "the id, par_…")
    private String id = "";

    @Option(names = "--qty", paramLabel = "N", converter = AmountConverter.class, description = "the new quantity")
    private Optional<Long> qty = Optional.empty();

    @Option(
            names = "--price",
            paramLabel = "PRICE",
            converter = PriceConverter.class,
            description = "the new price, 149000 or 149,000; dollars of a US stock, as 187.34")
    private Optional<BigDecimal> price = Optional.empty();

    @Option(
            names = "--at",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "when to place it, 2026-11-24T08:30 (Korean time)")
    private Optional<OffsetDateTime> at = Optional.empty();

    @Option(
            names = "--until",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "past which it is not placed; moves with --at by default")
    private Optional<OffsetDateTime> until = Optional.empty();

    ParentModify(Kis kis) {
        super(kis);
    }

    @Override
    boolean isMutating() {
        return true;
    }

    @Override
    Optional<String> orderId() {
        return Optional.of(id);
    }

    @Override
    int run(GatewayConnection gateway) {
        if (qty.isEmpty() && price.isEmpty() && at.isEmpty() && until.isEmpty()) {
            throw usageError("Set --qty, --price, --at or --until");
        }
        var change = ParentChangeRequest.scheduled(Format.amount(qty), price, at, until);
        return report(
                gateway.change(ParentCalls.modify(id, change), GatewayConnection.Retry.ONLY_IF_NOT_SENT),
                parent -> ParentShow.show(screen(), parent));
    }
}
