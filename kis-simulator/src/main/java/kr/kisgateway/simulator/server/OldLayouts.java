package kr.kisgateway.simulator.server;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The layouts of files of earlier releases, which had a table for each kind of entity, and their migration. */
final class OldLayouts {
    private static final String LAYOUT_1 = """
            CREATE TABLE identity (one INTEGER PRIMARY KEY CHECK (one = 1), token_secret TEXT NOT NULL);
            CREATE TABLE app_key (hash TEXT PRIMARY KEY, secret_hash TEXT NOT NULL, hts_id TEXT NOT NULL);
            CREATE TABLE key_account (hash TEXT, account TEXT, PRIMARY KEY (hash, account)) WITHOUT ROWID;
            CREATE TABLE token (hash TEXT, issued_at INTEGER, expires_at INTEGER NOT NULL, revoked INTEGER NOT NULL,
                PRIMARY KEY (hash, issued_at)) WITHOUT ROWID;
            CREATE TABLE business_day (one INTEGER PRIMARY KEY CHECK (one = 1), day TEXT NOT NULL, last_odno INTEGER NOT NULL);
            CREATE TABLE cash (account TEXT PRIMARY KEY, settled INTEGER NOT NULL, due_tomorrow INTEGER NOT NULL,
                due_after_tomorrow INTEGER NOT NULL, bought_today INTEGER NOT NULL, sold_today INTEGER NOT NULL,
                costs_today INTEGER NOT NULL, bought_yesterday INTEGER NOT NULL, sold_yesterday INTEGER NOT NULL,
                costs_yesterday INTEGER NOT NULL, assets_yesterday INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE holding (account TEXT, symbol TEXT, qty INTEGER NOT NULL, cost INTEGER NOT NULL,
                bought_today INTEGER NOT NULL, sold_today INTEGER NOT NULL, bought_yesterday INTEGER NOT NULL,
                sold_yesterday INTEGER NOT NULL, days_at_zero INTEGER NOT NULL, PRIMARY KEY (account, symbol)) WITHOUT ROWID;
            CREATE TABLE user_order (day TEXT, odno INTEGER, original_odno INTEGER NOT NULL, account TEXT NOT NULL,
                symbol TEXT NOT NULL, side TEXT NOT NULL, kind TEXT NOT NULL, dvsn TEXT NOT NULL, exchange TEXT NOT NULL,
                qty INTEGER NOT NULL, price INTEGER NOT NULL, time INTEGER NOT NULL, margin_price INTEGER NOT NULL,
                rest_price INTEGER NOT NULL, priority INTEGER NOT NULL, filled_qty INTEGER NOT NULL,
                filled_amount INTEGER NOT NULL, cancelled_qty INTEGER NOT NULL, rejected_qty INTEGER NOT NULL,
                is_open INTEGER NOT NULL, accepted_at INTEGER NOT NULL, fills INTEGER NOT NULL, PRIMARY KEY (day, odno)) WITHOUT ROWID;
            CREATE TABLE fill (day TEXT, odno INTEGER, sequence INTEGER, time INTEGER NOT NULL, price INTEGER NOT NULL,
                qty INTEGER NOT NULL, PRIMARY KEY (day, odno, sequence)) WITHOUT ROWID;
            CREATE TABLE price (symbol TEXT PRIMARY KEY, base INTEGER NOT NULL, last INTEGER NOT NULL, open INTEGER NOT NULL,
                high INTEGER NOT NULL, low INTEGER NOT NULL, open_at INTEGER NOT NULL, high_at INTEGER NOT NULL,
                low_at INTEGER NOT NULL, volume INTEGER NOT NULL, turnover INTEGER NOT NULL, buy_volume INTEGER NOT NULL,
                sell_volume INTEGER NOT NULL, buy_count INTEGER NOT NULL, sell_count INTEGER NOT NULL) WITHOUT ROWID;
            """;

    /** Amounts and prices in ten-thousandths of a dollar; a symbol is a ticker and an exchange. */
    private static final String US = """
            CREATE TABLE us_day (one INTEGER PRIMARY KEY CHECK (one = 1), date TEXT NOT NULL);
            CREATE TABLE us_cash (account TEXT PRIMARY KEY, settled INTEGER NOT NULL, due_tomorrow INTEGER NOT NULL,
                bought_today INTEGER NOT NULL, sold_today INTEGER NOT NULL, costs_today INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE us_holding (account TEXT, ticker TEXT, exchange TEXT, qty INTEGER NOT NULL, cost INTEGER NOT NULL,
                bought_today INTEGER NOT NULL, sold_today INTEGER NOT NULL, bought_amount_today INTEGER NOT NULL,
                sold_amount_today INTEGER NOT NULL, PRIMARY KEY (account, ticker, exchange)) WITHOUT ROWID;
            CREATE TABLE us_order (day TEXT, odno INTEGER, original_odno INTEGER NOT NULL, account TEXT NOT NULL,
                ticker TEXT NOT NULL, exchange TEXT NOT NULL, side TEXT NOT NULL, request TEXT NOT NULL,
                division TEXT NOT NULL, day_market INTEGER NOT NULL, qty INTEGER NOT NULL, price INTEGER NOT NULL,
                time INTEGER NOT NULL, date TEXT NOT NULL, new_york TEXT NOT NULL, accepted_at INTEGER NOT NULL,
                priority INTEGER NOT NULL, filled_qty INTEGER NOT NULL, filled_amount INTEGER NOT NULL,
                costs INTEGER NOT NULL, basis INTEGER NOT NULL, fills INTEGER NOT NULL, cancelled_qty INTEGER NOT NULL,
                rejected_qty INTEGER NOT NULL, is_open INTEGER NOT NULL, PRIMARY KEY (day, odno)) WITHOUT ROWID;
            CREATE TABLE us_fill (day TEXT, odno INTEGER, sequence INTEGER, new_york TEXT NOT NULL, price INTEGER NOT NULL,
                qty INTEGER NOT NULL, PRIMARY KEY (day, odno, sequence)) WITHOUT ROWID;
            CREATE TABLE us_price (ticker TEXT, exchange TEXT, base INTEGER NOT NULL, last INTEGER NOT NULL,
                open INTEGER NOT NULL, high INTEGER NOT NULL, low INTEGER NOT NULL, open_at INTEGER NOT NULL,
                high_at INTEGER NOT NULL, low_at INTEGER NOT NULL, volume INTEGER NOT NULL, turnover INTEGER NOT NULL,
                buy_volume INTEGER NOT NULL, sell_volume INTEGER NOT NULL, buy_count INTEGER NOT NULL,
                sell_count INTEGER NOT NULL, close INTEGER NOT NULL, PRIMARY KEY (ticker, exchange)) WITHOUT ROWID;
            CREATE TABLE us_first_day (one INTEGER PRIMARY KEY CHECK (one = 1), date TEXT NOT NULL);
            CREATE TABLE us_traded_day (ticker TEXT, exchange TEXT, date TEXT, base INTEGER NOT NULL, open INTEGER NOT NULL,
                high INTEGER NOT NULL, low INTEGER NOT NULL, close INTEGER NOT NULL, volume INTEGER NOT NULL,
                turnover INTEGER NOT NULL, PRIMARY KEY (ticker, exchange, date)) WITHOUT ROWID;
            """;

    /** From layout 1 to 2: orders have their resting place, prices their venue and the day's close. */
    private static final String TO_2 = """
            ALTER TABLE user_order ADD COLUMN venue TEXT NOT NULL DEFAULT 'KRX';
            ALTER TABLE user_order ADD COLUMN resting TEXT NOT NULL DEFAULT 'NOWHERE';
            ALTER TABLE user_order ADD COLUMN condition_price INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE user_order ADD COLUMN triggered_at INTEGER NOT NULL DEFAULT 0;
            UPDATE user_order SET resting = 'BOOK' WHERE is_open = 1 AND rest_price > 0;
            ALTER TABLE price RENAME TO price_1;
            CREATE TABLE price (symbol TEXT, venue TEXT, base INTEGER NOT NULL, last INTEGER NOT NULL, open INTEGER NOT NULL,
                high INTEGER NOT NULL, low INTEGER NOT NULL, open_at INTEGER NOT NULL, high_at INTEGER NOT NULL,
                low_at INTEGER NOT NULL, volume INTEGER NOT NULL, turnover INTEGER NOT NULL, buy_volume INTEGER NOT NULL,
                sell_volume INTEGER NOT NULL, buy_count INTEGER NOT NULL, sell_count INTEGER NOT NULL,
                close INTEGER NOT NULL, PRIMARY KEY (symbol, venue)) WITHOUT ROWID;
            INSERT INTO price SELECT symbol, 'KRX', base, last, open, high, low, open_at, high_at, low_at, volume,
                turnover, buy_volume, sell_volume, buy_count, sell_count, 0 FROM price_1;
            DROP TABLE price_1;
            """;

    /**
     * From layout 2 to 3: prices have the instant up to which they are played; the first day, the recorded days since, and the
     * minutes of the last of them; and all tables of US stocks.
     */
    private static final String TO_3 = """
            ALTER TABLE price ADD COLUMN played_to INTEGER NOT NULL DEFAULT 0;
            CREATE TABLE first_day (one INTEGER PRIMARY KEY CHECK (one = 1), day TEXT NOT NULL);
            CREATE TABLE traded_day (symbol TEXT, venue TEXT, day TEXT, base INTEGER NOT NULL, open INTEGER NOT NULL,
                high INTEGER NOT NULL, low INTEGER NOT NULL, close INTEGER NOT NULL, volume INTEGER NOT NULL,
                turnover INTEGER NOT NULL, PRIMARY KEY (symbol, venue, day)) WITHOUT ROWID;
            CREATE TABLE traded_minutes (symbol TEXT, venue TEXT, slot INTEGER, day TEXT NOT NULL, bars BLOB NOT NULL,
                PRIMARY KEY (symbol, venue, slot)) WITHOUT ROWID;
            """ + US;

    /** From layout 3 to 4: sales have the cost basis of their shares; older ones count as without profit. */
    private static final String TO_4 = """
            ALTER TABLE user_order ADD COLUMN basis INTEGER NOT NULL DEFAULT 0;
            UPDATE user_order SET basis = filled_amount WHERE side = 'SELL';
            """;

    /** From layout 4 to 5: the minutes of today of stocks that are traded order by order. */
    private static final String TO_5 = """
            CREATE TABLE todays_minutes (symbol TEXT, venue TEXT, day TEXT NOT NULL, until INTEGER NOT NULL,
                next_minute INTEGER NOT NULL, reference INTEGER NOT NULL, paused_until INTEGER NOT NULL, bars BLOB NOT NULL,
                PRIMARY KEY (symbol, venue)) WITHOUT ROWID;
            """;

    private static final String FIGURES =
            "base last open high low openAt highAt lowAt volume turnover buyVolume sellVolume"
                    + " buyCount sellCount close";

    private static final String BAR = "base open high low close volume turnover";
    private static final String STATE =
            "priority filledQty filledAmount basis fills cancelledQty rejectedQty" + " open=" + flag("is_open");

    private static final String US_CODE = "replace(ticker,'/','-')||'.'||exchange";

    /** Fills of US orders had New York's time: the hours between the clocks are those of their orders. */
    private static final String KOREAN_TIME = """
            ALTER TABLE us_fill ADD COLUMN time INTEGER;
            UPDATE us_fill SET time = (SELECT 0 + strftime('%H%M%S', us_fill.new_york,
                ((o.time / 10000 - strftime('%H', o.new_york) + 24) % 24) || ' hours')
                FROM us_order o WHERE o.day = us_fill.day AND o.odno = us_fill.odno);
            """;

    /** From layout 5 to 6: all kinds of entities are in one table. */
    private static final String TO_6 = Store.SCHEMA
            + KOREAN_TIME
            + move("Identity", "identity", "''", "tokenSecret")
            + move("Key", "app_key", "hash", "keyHash=hash secretHash htsId")
            + move("KeyAccount", "key_account", "hash||' '||account", "keyHash=hash account")
            + move(
                    "Token",
                    "token",
                    "hash||' '||issued_at",
                    "keyHash=hash issuedAt=" + instant("issued_at") + " expiresAt=" + instant("expires_at")
                            + " revoked=" + flag("revoked"))
            + move("Day", "business_day", "''", "day lastOdno")
            + move("FirstDay", "first_day", "'kr'", "market='kr' day")
            + move("FirstDay", "us_first_day", "'us'", "market='us' day=date")
            + move("TradingDate", "us_day", "'us'", "market='us' date")
            + move(
                    "Cash",
                    "cash",
                    "account||' KRW'",
                    "account currency='KRW' settled dueTomorrow dueAfterTomorrow boughtToday soldToday costsToday"
                            + " boughtYesterday soldYesterday costsYesterday assetsYesterday")
            + move(
                    "Cash",
                    "us_cash",
                    "account||' USD'",
                    "account currency='USD' settled dueTomorrow dueAfterTomorrow=0 boughtToday soldToday costsToday"
                            + " boughtYesterday=0 soldYesterday=0 costsYesterday=0 assetsYesterday=0")
            + move(
                    "Holding",
                    "holding",
                    "account||' '||symbol",
                    "account symbol qty cost boughtToday soldToday boughtAmountToday=0 soldAmountToday=0 boughtYesterday"
                            + " soldYesterday daysAtZero")
            + move(
                    "Holding",
                    "us_holding",
                    "account||' '||" + US_CODE,
                    "account symbol=" + US_CODE + " qty cost boughtToday soldToday boughtAmountToday soldAmountToday"
                            + " boughtYesterday=0 soldYesterday=0 daysAtZero=(qty+bought_today+sold_today=0)")
            + move(
                    "Order",
                    "user_order",
                    "day||' '||odno",
                    "day odno originalOdno account symbol side kind division=dvsn qty price time acceptedAtMillis=accepted_at "
                            + STATE + " terms="
                            + object("exchange marginPrice conditionPrice triggeredAtMillis=triggered_at venue resting"
                                    + " restPrice"))
            + move(
                    "Order",
                    "us_order",
                    "day||' '||odno",
                    "day odno originalOdno account symbol=" + US_CODE + " side kind=request division=" + usDivision()
                            + " qty price time acceptedAtMillis=accepted_at " + STATE + " terms="
                            + object("dayMarket=" + flag("day_market") + " date acceptedAt=new_york"))
            + move("Fill", "fill", "day||' '||odno||' '||sequence", "day odno sequence time price qty")
            + move("Fill", "us_fill", "day||' '||odno||' '||sequence", "day odno sequence time price qty")
            + move("Price", "price", "venue||' '||symbol", "symbol venue figures=" + list(FIGURES + " playedTo"))
            + move(
                    "Price",
                    "us_price",
                    "exchange||' '||" + US_CODE,
                    "symbol=" + US_CODE + " venue=exchange figures=" + list(FIGURES + " 0"))
            + move("Traded", "traded_day", "venue||' '||symbol||' '||day", "symbol venue bar=" + list("day " + BAR))
            + move(
                    "Traded",
                    "us_traded_day",
                    "exchange||' '||" + US_CODE + "||' '||date",
                    "symbol=" + US_CODE + " venue=exchange bar=" + list("date " + BAR))
            + move(
                    "TradedMinutes",
                    "traded_minutes",
                    "venue||' '||symbol||' '||slot",
                    "symbol venue day bars=hex(bars)")
            + move(
                    "TodaysMinutes",
                    "todays_minutes",
                    "venue||' '||symbol",
                    "symbol venue day minutes="
                            + object("bars=hex(bars) until=" + instant("until") + " nextMinute reference pausedUntil"));

    /** The migrations from each layout to the next. */
    private static final List<String> MIGRATIONS = List.of(LAYOUT_1, TO_2, TO_3, TO_4, TO_5, TO_6);

    private OldLayouts() {}

    /** The statements that bring a file of layout {@code from}, 0 for an empty one, to layout {@code to}. */
    static List<String> migration(int from, int to) {
        return Stream.of(String.join("", MIGRATIONS.subList(from, to)).split(";", -1))
                .filter(statement -> !statement.isBlank())
                .toList();
    }

    private static String move(String kind, String table, String key, String fields) {
        return "INSERT INTO entity SELECT '" + kind + "', " + key + ", " + object(fields) + " FROM " + table
                + ";DROP TABLE " + table + ";";
    }

    /** A JSON object of fields by their names, each from the column of that name where no other expression is given. */
    private static String object(String fields) {
        return Stream.of(fields.split(" ", -1))
                .map(field -> field.split("=", 2))
                .map(field -> "'" + field[0] + "'," + (field.length > 1 ? field[1] : column(field[0])))
                .collect(Collectors.joining(",", "json_object(", ")"));
    }

    /** A JSON list of columns. */
    private static String list(String fields) {
        return Stream.of(fields.split(" ", -1))
                .map(OldLayouts::column)
                .collect(Collectors.joining(",", "json_array(", ")"));
    }

    private static String column(String field) {
        return field.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static String flag(String column) {
        return "json(iif(" + column + ",'true','false'))";
    }

    private static String instant(String millis) {
        return "strftime('%Y-%m-%dT%H:%M:%fZ'," + millis + "/1000.0,'unixepoch')";
    }

    private static String usDivision() {
        return "CASE(division)WHEN'LIMIT'THEN'00'WHEN'MARKET_ON_OPEN'THEN'31'WHEN'LIMIT_ON_OPEN'THEN'32'"
                + "WHEN'MARKET_ON_CLOSE'THEN'33'ELSE'34'END";
    }
}
