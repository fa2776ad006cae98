package kr.kisgateway.gateway.redis;

import java.util.List;
import java.util.Set;
import kr.kisgateway.gateway.history.BarPageSource;
import kr.kisgateway.gateway.history.BarSource.Minute;
import kr.kisgateway.gateway.history.BarSource.Page;
import kr.kisgateway.market.Bar;

/** Codecs of charts as KIS's calls return them: pages of bars, the minutes of a day. */
final class BarCodecs {
    private BarCodecs() {}

    private static void write(FieldWriter fields, Bar bar) {
        fields.date(bar.date())
                .number(bar.ts())
                .number(bar.open())
                .number(bar.high())
                .number(bar.low())
                .number(bar.close())
                .number(bar.volume())
                .number(bar.turnover());
    }

    private static Bar bar(FieldReader fields) {
        return new Bar(
                fields.date(),
                fields.number(),
                fields.number(),
                fields.number(),
                fields.number(),
                fields.number(),
                fields.number(),
                fields.optionalNumber());
    }

    static final class Days implements Codec<Page> {
        @Override
        public void write(FieldWriter fields, Page page) {
            fields.list(page.bars(), BarCodecs::write)
                    .optional(page.oldest(), FieldWriter::date)
                    .list(page.daysWithoutTrade(), FieldWriter::date);
        }

        @Override
        public Page read(FieldReader fields) {
            return new Page(
                    fields.list(BarCodecs::bar),
                    fields.optional(FieldReader::date),
                    Set.copyOf(fields.list(FieldReader::date)));
        }
    }

    static final class Minutes implements Codec<List<Minute>> {
        @Override
        public void write(FieldWriter fields, List<Minute> minutes) {
            fields.list(
                    minutes,
                    (to, minute) -> to.time(minute.at())
                            .number(minute.open())
                            .number(minute.high())
                            .number(minute.low())
                            .number(minute.close())
                            .number(minute.volume())
                            .number(minute.dayTurnover()));
        }

        @Override
        public List<Minute> read(FieldReader fields) {
            return fields.list(from -> new Minute(
                    from.time(),
                    from.number(),
                    from.number(),
                    from.number(),
                    from.number(),
                    from.number(),
                    from.number()));
        }
    }

    static final class Pages implements Codec<BarPageSource.Page> {
        @Override
        public void write(FieldWriter fields, BarPageSource.Page page) {
            fields.list(page.bars(), BarCodecs::write).optional(page.oldest(), FieldWriter::time);
        }

        @Override
        public BarPageSource.Page read(FieldReader fields) {
            return new BarPageSource.Page(fields.list(BarCodecs::bar), fields.optional(FieldReader::time));
        }
    }
}
