package kr.kisgateway.wire.parse;

import java.util.regex.Pattern;
import kr.kisgateway.wire.CodeTable;

/** The built-in code table, read at the first verdict, and the families of codes that the ledger itself gives. */
final class Codes {
    static final CodeTable TABLE = CodeTable.load();

    /** Codes of the order desk: whoever says one of these has looked at the order. */
    static final Pattern ORDER_LEVEL = Pattern.compile("(?:APBK|APAC|KIER|MCA)\\w*|\\d{8}");

    private Codes() {}
}
