package kr.kisgateway.wire.parse;

import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.NoticeDecryptor;
import kr.kisgateway.wire.NoticeKey;
import kr.kisgateway.wire.RealtimeTr;
import org.jspecify.annotations.Nullable;

/**
 * Parses data frames ({@code <enc>|<TR>|<count>|<payload>}) and delivers their content to a {@link FrameListener}:
 * {@code H0STCNT0}, {@code H0STASP0} and the domestic notices typed, all other TRs by the catalog's columns.
 *
 * <p>The problem: KIS sends several records in a row without any separator between them, adds columns without notice,
 * and the tape must be read faster than a market opening writes it. The policy: the width of a record is the number of
 * fields divided by the count. Counting first would walk over every frame twice, so trades and books are read once, on
 * the assumption that the width is that of the frame before, and nothing is delivered before the payload has ended exactly
 * as assumed; otherwise the fields are counted and the frame is read again. When the division leaves a remainder,
 * or gives a multiple of a known width, the count is not trusted and the known widths are tried. The weak spot: a frame
 * cut off inside its last unused column looks complete; no delivered value depends on it.
 *
 * <p>{@link #parse} never throws; only exceptions of the listener itself pass through. An
 * instance belongs to one thread at a time.
 */
public final class FrameParser {
    private static final String TRADE = "H0STCNT0";
    private static final String BOOK = "H0STASP0";

    /** Supported widths, the current one first. */
    private static final int[] TRADE_WIDTHS = {47, 46};

    private static final int[] BOOK_WIDTHS = {60, 59, 62};
    private static final int SHORTEST_TRADE = 46;
    private static final int SHORTEST_BOOK = 59;

    private static final int SCRATCH_CHARS_MAX = 1 << 20;
    private static final int SAMPLE_CHARS = 120;

    /** After a garbled header there may be a notice in clear, so hardly more than a header is logged. */
    private static final int HEADER_SAMPLE_CHARS = 24;

    private final FrameListener sink;
    private final Function<String, Optional<NoticeKey>> keyLookup;
    private final Catalog catalog;
    private final SymbolTable symbols = new SymbolTable();

    /** Of the key of the last encrypted frame. */
    private Optional<NoticeDecryptor> decryptor = Optional.empty();

    private char[] scratch = new char[8 * 1024];
    private Trade[] trades = new Trade[16];
    private OrderBook[] books = new OrderBook[16];
    private int tradeWidth = TRADE_WIDTHS[0];
    private int bookWidth = BOOK_WIDTHS[0];

    /**
     * @param sink receives the content
     * @param keyLookup the key from the acknowledgement of a TR; called once per encrypted frame
     */
    public FrameParser(FrameListener sink, Function<String, Optional<NoticeKey>> keyLookup) {
        this(sink, keyLookup, Catalog.load());
    }

    /** As the other constructor, sharing a catalog that may be loaded already. */
    public FrameParser(FrameListener sink, Function<String, Optional<NoticeKey>> keyLookup, Catalog catalog) {
        this.sink = sink;
        this.keyLookup = keyLookup;
        this.catalog = catalog;
    }

    /** Parses one complete text message. */
    public void parse(CharSequence frame) {
        int length = frame.length();
        if (frame instanceof CharBuffer buffer && buffer.hasArray()) {
            int from = buffer.arrayOffset() + buffer.position();
            parse(buffer.array(), from, from + length);
        } else {
            char[] copy = length <= scratch.length ? scratch : growScratch(length);
            frame.getChars(0, length, copy, 0);
            parse(copy, 0, length);
        }
    }

    /** A larger copy area; one for an unusually large frame is not retained. */
    private char[] growScratch(int length) {
        char[] larger = new char[length + length / 2];
        if (length <= SCRATCH_CHARS_MAX) {
            scratch = larger;
        }
        return larger;
    }

    private void parse(char[] chars, int from, int end) {
        int trEnd = end - from > 2 && chars[from + 1] == '|' ? indexOf('|', chars, from + 2, end) : -1;
        int payload = trEnd < 0 ? -1 : 1 + indexOf('|', chars, trEnd + 1, end);
        int count = payload <= 0 ? 0 : count(chars, trEnd + 1, payload - 1);
        char enc = end > from ? chars[from] : ' ';
        if (count == 0 || (enc != '0' && enc != '1') || trEnd == from + 2) {
            int sampleEnd = Math.min(end, from + HEADER_SAMPLE_CHARS);
            reportBad("", BadFrame.Reason.HEADER, "not <enc>|<TR>|<count>|<payload>", chars, from, sampleEnd);
        } else if (enc == '0' && matches(TRADE, chars, from + 2, trEnd)) {
            trades(chars, from, payload, end, count);
        } else if (enc == '0' && matches(BOOK, chars, from + 2, trEnd)) {
            books(chars, from, payload, end, count);
        } else {
            String trId = new String(chars, from + 2, trEnd - from - 2);
            String text = new String(chars, payload, end - payload);
            if (enc == '1') {
                parseEncrypted(trId, text, count, chars, from, payload);
            } else {
                parsePlain(trId, text, count, chars, from, isPrivate(trId) ? payload : end);
            }
        }
    }

    // --- trades ---

    private void trades(char[] chars, int from, int payload, int end, int count) {
        if (readTrades(chars, payload, end, count, tradeWidth) == Fields.NO_FAULT) {
            publishTrades(count);
            return;
        }
        int fields = 1 + countCarets(chars, payload, end);
        int width = width(fields, count, TRADE_WIDTHS, SHORTEST_TRADE);
        if (width == 0) {
            reportBad(TRADE, BadFrame.Reason.WIDTH, fields + " fields in " + count + " records", chars, from, end);
            return;
        }
        int records = fields / width;
        int fault = readTrades(chars, payload, end, records, width);
        if (fault != Fields.NO_FAULT) {
            reportBadValue(TRADE, TradeColumns.NAMES, width, fault, chars, from, payload, end);
            return;
        }
        tradeWidth = width;
        publishTrades(records);
    }

    /** Fills {@link #trades} and returns the position of the first bad field, or that there is none. */
    private int readTrades(char[] chars, int from, int end, int count, int width) {
        Fields in = new Fields(chars, from, end);
        for (int i = 0; i < count; i++) {
            Trade trade = readTrade(chars, in, width);
            if (trade == null || in.fault() != Fields.NO_FAULT) {
                return Math.max(in.fault(), from);
            }
            if (i == trades.length) {
                trades = Arrays.copyOf(trades, 2 * i);
            }
            trades[i] = trade;
        }
        return in.isExhausted() ? Fields.NO_FAULT : Math.min(in.position(), end);
    }

    private @Nullable Trade readTrade(char[] chars, Fields in, int width) {
        int start = in.position();
        in.skip(1);
        Symbol symbol = symbols.find(chars, start, in.position() - 1);
        if (symbol == null) {
            in.fail(start);
            return null;
        }
        int time = in.time();
        long price = in.required();
        in.skip(1); // sign code; the change carries its sign itself
        long change = in.signed();
        in.skip(2); // percent, weighted average
        long open = in.number();
        long high = in.number();
        long low = in.number();
        long ask = in.number();
        long bid = in.number();
        long qty = in.required();
        long volume = in.required();
        long turnover = in.number();
        in.skip(6);
        char direction = in.code();
        in.skip(11);
        int date = in.date();
        in.skip(width - 34);
        char aggressor = direction == '1' ? 'B' : direction == '5' ? 'S' : '-';
        return new Trade(
                symbol, date, time, price, qty, change, open, high, low, ask, bid, volume, turnover, aggressor);
    }

    private void publishTrades(int count) {
        for (int i = 0; i < count; i++) {
            sink.trade(trades[i]);
        }
    }

    // --- books ---

    private void books(char[] chars, int from, int payload, int end, int count) {
        if (readBooks(chars, payload, end, count, bookWidth) == Fields.NO_FAULT) {
            publishBooks(count);
            return;
        }
        int fields = 1 + countCarets(chars, payload, end);
        int width = width(fields, count, BOOK_WIDTHS, SHORTEST_BOOK);
        if (width == 0) {
            reportBad(BOOK, BadFrame.Reason.WIDTH, fields + " fields in " + count + " records", chars, from, end);
            return;
        }
        int records = fields / width;
        int fault = readBooks(chars, payload, end, records, width);
        if (fault != Fields.NO_FAULT) {
            reportBadValue(BOOK, BookColumns.NAMES, width, fault, chars, from, payload, end);
            return;
        }
        bookWidth = width;
        publishBooks(records);
    }

    /** Fills {@link #books} and returns the position of the first bad field, or that there is none. */
    private int readBooks(char[] chars, int from, int end, int count, int width) {
        Fields in = new Fields(chars, from, end);
        for (int i = 0; i < count; i++) {
            OrderBook book = readBook(chars, in, width);
            if (book == null || in.fault() != Fields.NO_FAULT) {
                return Math.max(in.fault(), from);
            }
            if (i == books.length) {
                books = Arrays.copyOf(books, 2 * i);
            }
            books[i] = book;
        }
        return in.isExhausted() ? Fields.NO_FAULT : Math.min(in.position(), end);
    }

    private @Nullable OrderBook readBook(char[] chars, Fields in, int width) {
        int start = in.position();
        in.skip(1);
        Symbol symbol = symbols.find(chars, start, in.position() - 1);
        if (symbol == null) {
            in.fail(start);
            return null;
        }
        int time = in.time();
        in.skip(1); // hour class
        long[] levels = new long[4 * OrderBook.LEVELS];
        in.numbers(levels);
        long totalAsk = in.number();
        long totalBid = in.number();
        in.skip(width - 45);
        return new OrderBook(symbol, time, levels, totalAsk, totalBid);
    }

    private void publishBooks(int count) {
        for (int i = 0; i < count; i++) {
            sink.book(books[i]);
        }
    }

    // --- everything else ---

    private void parseEncrypted(String trId, String base64, int count, char[] chars, int from, int payload) {
        Optional<NoticeKey> key = keyLookup.apply(trId).or(() -> keyLookup.apply(NoticeReader.canonicalTrId(trId)));
        if (key.isEmpty()) {
            reportBad(trId, BadFrame.Reason.NO_KEY, "encrypted, and there is no key", chars, from, payload);
            return;
        }
        if (decryptor.filter(it -> it.isOf(key.get())).isEmpty()) {
            decryptor = Optional.of(new NoticeDecryptor(key.get()));
        }
        Optional<String> text = decryptor.get().decrypt(base64);
        if (text.isEmpty()) {
            reportBad(trId, BadFrame.Reason.UNDECRYPTABLE, "the key does not decrypt it", chars, from, payload);
            return;
        }
        parsePlain(trId, text.get(), count, chars, from, payload);
    }

    /** @param sampleEnd the end of the part that may be logged */
    private void parsePlain(String trId, String text, int count, char[] chars, int from, int sampleEnd) {
        List<String> fields = Arrays.asList(text.split("\\^", -1));
        boolean notice = NoticeReader.isNoticeTr(trId);
        Optional<RealtimeTr> tr = notice ? Optional.empty() : catalog.realtime(trId);
        int columnCount = tr.map(it -> it.columns().size()).orElse(0);
        int[] expectedWidths = notice ? NoticeReader.WIDTHS : columnCount == 0 ? new int[0] : new int[] {columnCount};
        // KIS adds columns and never removes any: names for a shorter record would be wrong.
        int width = width(fields.size(), count, expectedWidths, Math.max(1, columnCount));
        if (width == 0) {
            String detail = fields.size() + " fields in " + count + " records";
            reportBad(trId, BadFrame.Reason.WIDTH, detail, chars, from, sampleEnd);
            return;
        }
        List<List<String>> records = new ArrayList<>(fields.size() / width);
        for (int i = 0; i < fields.size(); i += width) {
            records.add(List.copyOf(fields.subList(i, i + width)));
        }
        if (notice) {
            publishNotices(trId, records, chars, from, sampleEnd);
        } else {
            List<String> columns = tr.map(it -> it.columnNames(width)).orElse(List.of());
            sink.rows(new UntypedFrame(trId, columns, List.copyOf(records)));
        }
    }

    /** Whether records of this TR are about an account: exactly those that KIS encrypts. */
    private boolean isPrivate(String trId) {
        return NoticeReader.isNoticeTr(trId)
                || catalog.realtime(trId).map(RealtimeTr::encrypted).orElse(false);
    }

    private void publishNotices(String trId, List<List<String>> records, char[] chars, int from, int sampleEnd) {
        List<ExecutionNotice> notices = new ArrayList<>(records.size());
        for (List<String> record : records) {
            switch (NoticeReader.read(record)) {
                case NoticeReader.Good(var notice) -> notices.add(notice);
                case NoticeReader.Bad(var reason, var detail) -> {
                    reportBad(trId, reason, detail, chars, from, sampleEnd);
                    return;
                }
            }
        }
        notices.forEach(sink::notice);
    }

    // --- shared ---

    /**
     * The width of a record: fields ÷ count, unless that leaves a remainder or gives a multiple of a known width (then the
     * count is wrong, and the first known width that divides the fields decides). 0 when nothing fits.
     */
    private static int width(int fields, int count, int[] expectedWidths, int shortest) {
        int width = fields % count == 0 ? fields / count : 0;
        for (int each : expectedWidths) {
            if (fields % each == 0 && (width == 0 || (width > each && width % each == 0))) {
                return each;
            }
        }
        return width >= shortest ? width : 0;
    }

    private static int countCarets(char[] chars, int from, int end) {
        int carets = 0;
        for (int i = from; i < end; i++) {
            carets += chars[i] == '^' ? 1 : 0;
        }
        return carets;
    }

    /** The count of a header, or 0 when it is not a number from 1 to 999. */
    private static int count(char[] chars, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            if (chars[i] < '0' || chars[i] > '9' || i - from > 2) {
                return 0;
            }
            count = 10 * count + chars[i] - '0';
        }
        return count;
    }

    private static int indexOf(char target, char[] chars, int from, int end) {
        for (int i = from; i < end; i++) {
            if (chars[i] == target) {
                return i;
            }
        }
        return -1;
    }

    private static boolean matches(String expected, char[] chars, int from, int to) {
        if (to - from != expected.length()) {
            return false;
        }
        for (int i = expected.length() - 1; i >= 0; i--) { // the ends of TR ids differ sooner than their beginnings
            if (chars[from + i] != expected.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void reportBadValue(
            String trId, List<String> names, int width, int fault, char[] chars, int from, int payload, int end) {
        int column = countCarets(chars, payload, fault) % width;
        String name = column < names.size() ? names.get(column) : "column " + column;
        int stop = indexOf('^', chars, fault, Math.min(end, fault + 24));
        String value = new String(chars, fault, (stop < 0 ? Math.min(end, fault + 24) : stop) - fault);
        reportBad(trId, BadFrame.Reason.VALUE, name + " is \"" + value + "\"", chars, from, end);
    }

    private void reportBad(String trId, BadFrame.Reason reason, String detail, char[] chars, int from, int sampleEnd) {
        String sample = new String(chars, from, Math.min(sampleEnd - from, SAMPLE_CHARS));
        sink.bad(new BadFrame(trId, reason, detail, sample));
    }
}
