package kr.kisgateway.gateway.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import kr.kisgateway.gateway.orderbook.BookSource.RestBook;
import kr.kisgateway.market.Markets;

/** Any value in Redis is read, and is the same when written, or is a miss. The first byte of an input selects the kind of value. */
public final class SharedValueFuzzer {
    private static final List<Codec<?>> CODECS = List.of(
            new QuoteCodecs.Price(),
            new QuoteCodecs.Issue(),
            new QuoteCodecs.PreviousClose(),
            new BookCodec(Markets.standard()),
            new BarCodecs.Days(),
            new BarCodecs.Minutes(),
            new BarCodecs.Pages(),
            new MarketCodecs.Ranking(),
            new MarketCodecs.Index(),
            new MarketCodecs.Investors(),
            new MarketCodecs.Nav(),
            new HoldingsCodec());

    private SharedValueFuzzer() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length > 0) {
            String line = new String(input, 1, input.length - 1, StandardCharsets.UTF_8);
            read(CODECS.get(Byte.toUnsignedInt(input[0]) % CODECS.size()), line);
        }
    }

    private static <V> void read(Codec<V> codec, String line) {
        V value;
        try {
            value = codec.read(new FieldReader(line));
        } catch (RuntimeException miss) {
            return; // as declared
        }
        String written = text(codec, value);
        V again = codec.read(new FieldReader(written));
        // A book is equal to none but itself.
        boolean equal = value instanceof RestBook ? written.equals(text(codec, again)) : value.equals(again);
        if (!equal) {
            throw new IllegalStateException(value + " is written as " + written + " and read as " + again);
        }
    }

    private static <V> String text(Codec<V> codec, V value) {
        var fields = new FieldWriter();
        codec.write(fields, value);
        return fields.toString();
    }
}
