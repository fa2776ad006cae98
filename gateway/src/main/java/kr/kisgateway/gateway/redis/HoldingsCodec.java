package kr.kisgateway.gateway.redis;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import kr.kisgateway.gateway.portfolio.Holdings;
import kr.kisgateway.gateway.portfolio.Holdings.Cash;
import kr.kisgateway.gateway.portfolio.Holdings.Loan;
import kr.kisgateway.gateway.portfolio.Holdings.Position;
import kr.kisgateway.market.CreditType;
import kr.kisgateway.market.Market;

/** Codec of an account's holdings, without its number. */
final class HoldingsCodec implements Codec<Holdings> {
    @Override
    public void write(FieldWriter fields, Holdings holdings) {
        Cash cash = holdings.cash();
        fields.number(cash.settled())
                .number(cash.deposit())
                .number(cash.nextDay())
                .number(cash.total())
                .number(cash.changeToday())
                .list(
                        holdings.positions(),
                        (to, position) -> to.text(position.symbol().code())
                                .text(position.name())
                                .number(position.qty())
                                .number(position.sellableQty())
                                .decimal(position.avgPrice())
                                .number(position.cost())
                                .number(position.price())
                                .number(position.value())
                                .number(position.pnl())
                                .optional(
                                        position.loan(),
                                        (loan, it) -> loan.text(it.date().toString())
                                                .number(it.amount())
                                                .list(
                                                        List.copyOf(it.repaidBy()),
                                                        (types, type) -> types.text(type.name()))))
                .number(holdings.requestedAt().toEpochMilli());
    }

    @Override
    public Holdings read(FieldReader fields) {
        return new Holdings(
                Market.KOREA,
                new Cash(fields.number(), fields.number(), fields.number(), fields.number(), fields.optionalNumber()),
                fields.list(from -> new Position(
                        from.symbol(),
                        from.text(),
                        from.number(),
                        from.number(),
                        from.decimal(),
                        from.number(),
                        from.number(),
                        from.number(),
                        from.number(),
                        from.optional(HoldingsCodec::loan))),
                Instant.ofEpochMilli(fields.number()));
    }

    private static Loan loan(FieldReader fields) {
        return new Loan(
                LocalDate.parse(fields.text()),
                fields.number(),
                Set.copyOf(fields.list(type -> CreditType.valueOf(type.text()))));
    }
}
