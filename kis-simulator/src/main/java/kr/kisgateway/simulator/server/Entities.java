package kr.kisgateway.simulator.server;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketPolicy;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.simulator.entity.AccountId;
import kr.kisgateway.simulator.entity.Change;
import kr.kisgateway.simulator.exchange.Minutes;
import kr.kisgateway.simulator.exchange.StoredMinutes;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.simulator.history.DailyBar;
import kr.kisgateway.simulator.history.MinuteCodec;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** The content of an entity as the file stores it: the record as JSON. Its kind is the record's name. */
final class Entities {
    private static final Map<String, Class<?>> KINDS = Arrays.stream(Change.class.getPermittedSubclasses())
            .collect(Collectors.toUnmodifiableMap(Class::getSimpleName, Function.identity()));

    private static final Markets MARKETS = Markets.standard();

    private static final JsonMapper JSON = JsonMapper.builder()
            .addMixIn(Change.Terms.class, TermsByTheirFields.class)
            .addMixIn(Change.KoreanTerms.class, CreditWhereThereIsOne.class)
            .addMixIn(Change.TradedMinutes.class, PackedBars.class)
            .addMixIn(StoredMinutes.class, PackedBars.class)
            .addMixIn(Tape.Figures.class, Numbers.class)
            .addMixIn(DailyBar.class, Numbers.class)
            .addModule(new SimpleModule()
                    .addSerializer(AccountId.class, new Text<>(AccountId::digits))
                    .addDeserializer(AccountId.class, new OfText<>(AccountId::ofDigits))
                    .addSerializer(MarketSymbol.class, new Text<>(MarketSymbol::code))
                    .addDeserializer(
                            MarketSymbol.class,
                            new OfText<>(code -> MARKETS.parse(code).orElseThrow()))
                    .addDeserializer(Symbol.class, new OfText<>(Symbol::new))
                    .addSerializer(Market.class, new Text<>(Market::id))
                    .addDeserializer(Market.class, new OfText<>(Entities::market)))
            .build();

    private Entities() {}

    static String kind(Change change) {
        return change.getClass().getSimpleName();
    }

    static String content(Change change) {
        return JSON.writeValueAsString(change);
    }

    /** @throws IllegalArgumentException when no kind has this name, or the content is not of this kind */
    static Change read(String kind, String content) {
        Class<?> type = KINDS.get(kind);
        if (type == null) {
            throw new IllegalArgumentException("no entity is of the kind " + kind);
        }
        try {
            return (Change) JSON.readValue(content, type);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not the content of a " + kind + ": " + e.getOriginalMessage(), e);
        }
    }

    private static Market market(String id) {
        return MARKETS.all().stream()
                .map(MarketPolicy::market)
                .filter(market -> market.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** The fields of an order's terms show whose they are. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
    @JsonSubTypes({@JsonSubTypes.Type(Change.KoreanTerms.class), @JsonSubTypes.Type(Change.UsTerms.class)})
    private interface TermsByTheirFields {}

    /** Orders in cash are stored as before there were others. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    private interface CreditWhereThereIsOne {}

    /** Figures of thousands of stocks a day: a list without names. */
    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    private interface Numbers {}

    /** Minutes in {@link MinuteCodec}'s few bytes. */
    private interface PackedBars {
        @JsonSerialize(using = BarsWriter.class)
        @JsonDeserialize(using = BarsReader.class)
        List<Minutes.Bar> bars();
    }

    static final class BarsWriter extends ValueSerializer<List<Minutes.Bar>> {
        @Override
        public void serialize(List<Minutes.Bar> bars, JsonGenerator out, SerializationContext context) {
            out.writeString(HexFormat.of().formatHex(MinuteCodec.pack(bars)));
        }
    }

    static final class BarsReader extends ValueDeserializer<List<Minutes.Bar>> {
        @Override
        public List<Minutes.Bar> deserialize(JsonParser in, DeserializationContext context) {
            return MinuteCodec.unpack(HexFormat.of().parseHex(in.getString()));
        }
    }

    private static final class Text<T> extends ValueSerializer<T> {
        private final Function<T, String> text;

        Text(Function<T, String> text) {
            this.text = text;
        }

        @Override
        public void serialize(T value, JsonGenerator out, SerializationContext context) {
            out.writeString(text.apply(value));
        }
    }

    private static final class OfText<T> extends ValueDeserializer<T> {
        private final Function<String, T> value;

        OfText(Function<String, T> value) {
            this.value = value;
        }

        @Override
        public T deserialize(JsonParser in, DeserializationContext context) {
            return value.apply(in.getString());
        }
    }
}
