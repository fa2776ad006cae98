package kr.kisgateway.gateway.redis;

import java.util.List;
import kr.kisgateway.gateway.marketwide.MarketSource.Flow;
import kr.kisgateway.gateway.marketwide.MarketSource.IndexValue;
import kr.kisgateway.gateway.marketwide.MarketSource.InvestorsOfDay;
import kr.kisgateway.gateway.marketwide.MarketSource.NetAssetValue;
import kr.kisgateway.gateway.marketwide.MarketSource.Ranked;

/** Codecs of market-wide figures, field by field in the order of their records. */
final class MarketCodecs {
    private MarketCodecs() {}

    static final class Ranking implements Codec<List<Ranked>> {
        @Override
        public void write(FieldWriter fields, List<Ranked> places) {
            fields.list(
                    places,
                    (to, place) -> to.number(place.rank())
                            .text(place.symbol().code())
                            .text(place.name())
                            .number(place.price())
                            .number(place.change())
                            .decimal(place.changePct())
                            .number(place.volume())
                            .number(place.turnover())
                            .number(place.marketCap())
                            .decimal(place.volumeGrowthPct())
                            .decimal(place.turnoverRatePct()));
        }

        @Override
        public List<Ranked> read(FieldReader fields) {
            return fields.list(from -> new Ranked(
                    from.integer(),
                    from.symbol(),
                    from.text(),
                    from.number(),
                    from.number(),
                    from.decimal(),
                    from.number(),
                    from.optionalNumber(),
                    from.optionalNumber(),
                    from.optionalDecimal(),
                    from.optionalDecimal()));
        }
    }

    static final class Index implements Codec<IndexValue> {
        @Override
        public void write(FieldWriter fields, IndexValue index) {
            fields.decimal(index.value())
                    .decimal(index.change())
                    .decimal(index.changePct())
                    .decimal(index.open())
                    .decimal(index.high())
                    .decimal(index.low())
                    .number(index.volume())
                    .number(index.turnover())
                    .number(index.rising())
                    .number(index.atUpperLimit())
                    .number(index.unchanged())
                    .number(index.falling())
                    .number(index.atLowerLimit());
        }

        @Override
        public IndexValue read(FieldReader fields) {
            return new IndexValue(
                    fields.decimal(),
                    fields.decimal(),
                    fields.decimal(),
                    fields.optionalDecimal(),
                    fields.optionalDecimal(),
                    fields.optionalDecimal(),
                    fields.number(),
                    fields.number(),
                    fields.number(),
                    fields.number(),
                    fields.number(),
                    fields.number(),
                    fields.number());
        }
    }

    static final class Investors implements Codec<List<InvestorsOfDay>> {
        @Override
        public void write(FieldWriter fields, List<InvestorsOfDay> days) {
            fields.list(
                    days,
                    (to, day) -> to.date(day.date())
                            .number(day.close())
                            .number(day.change())
                            .optional(day.persons(), Investors::write)
                            .optional(day.foreigners(), Investors::write)
                            .optional(day.institutions(), Investors::write));
        }

        @Override
        public List<InvestorsOfDay> read(FieldReader fields) {
            return fields.list(from -> new InvestorsOfDay(
                    from.date(),
                    from.number(),
                    from.number(),
                    from.optional(Investors::flow),
                    from.optional(Investors::flow),
                    from.optional(Investors::flow)));
        }

        private static void write(FieldWriter fields, Flow flow) {
            fields.number(flow.netQty())
                    .number(flow.netAmount())
                    .number(flow.boughtQty())
                    .number(flow.boughtAmount())
                    .number(flow.soldQty())
                    .number(flow.soldAmount());
        }

        private static Flow flow(FieldReader fields) {
            return new Flow(
                    fields.number(),
                    fields.number(),
                    fields.number(),
                    fields.number(),
                    fields.number(),
                    fields.number());
        }
    }

    static final class Nav implements Codec<NetAssetValue> {
        @Override
        public void write(FieldWriter fields, NetAssetValue nav) {
            fields.number(nav.price())
                    .number(nav.change())
                    .decimal(nav.changePct())
                    .number(nav.volume())
                    .decimal(nav.nav())
                    .decimal(nav.navChange())
                    .decimal(nav.navChangePct())
                    .decimal(nav.previousNav())
                    .decimal(nav.deviationPct())
                    .decimal(nav.trackingErrorPct())
                    .decimal(nav.multiple())
                    .number(nav.shares())
                    .number(nav.components());
        }

        @Override
        public NetAssetValue read(FieldReader fields) {
            return new NetAssetValue(
                    fields.number(),
                    fields.number(),
                    fields.decimal(),
                    fields.number(),
                    fields.decimal(),
                    fields.decimal(),
                    fields.decimal(),
                    fields.optionalDecimal(),
                    fields.optionalDecimal(),
                    fields.optionalDecimal(),
                    fields.optionalDecimal(),
                    fields.optionalNumber(),
                    fields.optionalNumber());
        }
    }
}
