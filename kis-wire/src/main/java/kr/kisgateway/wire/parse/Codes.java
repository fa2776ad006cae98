package kr.kisgateway.wire.parse;

import java.util.regex.Pattern;
import kr.kisgateway.wire.CodeTable;

/** The built-in code table, read at the first verdict, and the families of codes of the ledger itself. */
final class Codes {
    static final CodeTable TABLE = CodeTable.load();

    /** Codes of the order desk, which are sent after validating the order. */
    static final Pattern ORDER_LEVEL = Pattern.compile("(?:APBK|APAC|KIER|MCA)\\w*|\\d{8}");

    private Codes() {}
}
