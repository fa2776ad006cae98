package kr.kisgateway.gateway.redis;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.quote.UsFigures;

/** An American price as ten fields, in the order of {@link UsFigures}. */
final class UsFiguresCodec implements RedisShelf.Codec<UsFigures> {
    @Override
    public int count() {
        return 10;
    }

    @Override
    public List<String> write(UsFigures figures) {
        return List.of(
                figures.price().toPlainString(),
                figures.change().toPlainString(),
                figures.changePct().toPlainString(),
                optional(figures.open()),
                optional(figures.high()),
                optional(figures.low()),
                optional(figures.bid()),
                optional(figures.ask()),
                Long.toString(figures.volume()),
                figures.turnover().toPlainString());
    }

    @Override
    public UsFigures read(List<String> fields) {
        return new UsFigures(
                new BigDecimal(fields.get(0)),
                new BigDecimal(fields.get(1)),
                new BigDecimal(fields.get(2)),
                optional(fields.get(3)),
                optional(fields.get(4)),
                optional(fields.get(5)),
                optional(fields.get(6)),
                optional(fields.get(7)),
                Long.parseLong(fields.get(8)),
                new BigDecimal(fields.get(9)));
    }

    private static String optional(Optional<BigDecimal> value) {
        return value.map(BigDecimal::toPlainString).orElse("");
    }

    private static Optional<BigDecimal> optional(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(new BigDecimal(text));
    }
}
