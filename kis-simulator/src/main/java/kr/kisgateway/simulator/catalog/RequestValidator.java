package kr.kisgateway.simulator.catalog;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kr.kisgateway.wire.RestCall;

/**
 * Validates the parameters of a request: mandatory ones present and blank only where the catalog allows it, dates and numbers
 * well-formed, codes with a single allowed value correct. Whatever is not documented as refused passes.
 */
public final class RequestValidator {
    private static final String MARKET = "FID_COND_MRKT_DIV_CODE";
    private static final String SCREEN = "FID_COND_SCR_DIV_CODE";
    private static final Pattern MARKET_FORM = Pattern.compile("[A-Z]{1,3}");
    private static final Pattern SCREEN_FORM = Pattern.compile("\\(\\s*([0-9]{4,6})\\s*\\)");
    private static final Pattern DAY_FORM = Pattern.compile("[0-9]{8}");
    private static final Pattern NUMBER_FORM = Pattern.compile("[0-9]{1,13}(\\.[0-9]{1,8})?");
    private static final Pattern DAY_NAME = Pattern.compile("(_DT|_DATE|_DAY|_YMD|DATE_[12]|DATE_TIME)$|^BYMD$");
    private static final Pattern NUMBER_NAME = Pattern.compile("(_QTY|_QTY2|_UNPR|_UNPR3|_PRIC)$");

    private RequestValidator() {}

    /** The refusal of a request's parameters; empty when they are valid. The ledger checks the account number. */
    public static Optional<Reply> validate(CatalogRequest request, Face face) {
        for (RestCall.Param param : request.call().params()) {
            Optional<Reply> refusal = validate(request, param, face);
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    private static Optional<Reply> validate(CatalogRequest request, RestCall.Param param, Face face) {
        String name = param.name().toUpperCase(Locale.ROOT);
        if (name.equals("CANO") || name.equals("ACNT_PRDT_CD")) {
            return Optional.empty();
        }
        boolean isPresent = request.params().containsKey(name);
        String value = request.param(name);
        boolean isMissing = param.required() && (!isPresent || value.isEmpty() && !param.blank());
        if (isMissing) {
            return Optional.of(name.startsWith(MARKET) ? invalidMarket(name) : missing(name));
        }
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (name.startsWith(MARKET)) {
            return market(value, face) ? Optional.empty() : Optional.of(invalidMarket(name));
        }
        if (name.equals(SCREEN)) {
            Optional<String> screen = screen(param);
            return screen.isEmpty() || screen.get().equals(value)
                    ? Optional.empty()
                    : Optional.of(Reply.refusedByLedger("OPSQ2001", "ERROR : INPUT INVALID_CHECK_SCR_DIV_CODE"));
        }
        if (param.fixed()
                .filter(fixed -> !fixed.isEmpty() && !fixed.equals(value))
                .isPresent()) {
            return Optional.of(missing(name));
        }
        if (isDay(param, name) && !day(withoutZeros(param, value))
                || NUMBER_NAME.matcher(name).find()
                        && !NUMBER_FORM.matcher(value).matches()) {
            return Optional.of(missing(name));
        }
        if (name.equals("EXCG_ID_DVSN_CD") && face == Face.PAPER && !value.equals("KRX")) {
            return Optional.of(Reply.refusedByLedger("90000000", "모의투자에서는 해당업무가 제공되지 않습니다."));
        }
        return Optional.empty();
    }

    /** Paper has KRX only, not NXT and not the two together. */
    private static boolean market(String value, Face face) {
        return MARKET_FORM.matcher(value).matches()
                && (face == Face.LIVE || !value.equals("NX") && !value.equals("UN"));
    }

    /** The only allowed value of a screen number, where the portal documents it as unique. */
    private static Optional<String> screen(RestCall.Param param) {
        Matcher unique = SCREEN_FORM.matcher(param.description());
        return param.description().contains("Unique") && unique.find()
                ? Optional.of(unique.group(1))
                        .filter(screen -> param.example().filter(screen::equals).isPresent())
                : Optional.empty();
    }

    /** Whether a parameter is a day: some are called a date and are none, which their example shows. */
    private static boolean isDay(RestCall.Param param, String name) {
        return DAY_NAME.matcher(name).find()
                && param.example()
                        .map(example -> DAY_FORM.matcher(example).matches())
                        .orElse(true);
    }

    /** The day in a value of ten digits, where the portal documents that form. */
    private static String withoutZeros(RestCall.Param param, String value) {
        return param.description().contains("00YYYYMMDD") && value.length() == 10 && value.startsWith("00")
                ? value.substring(2)
                : value;
    }

    /** Eight digits that are a day; 00000101 and the like mean no bound. */
    private static boolean day(String value) {
        return value.startsWith("0000") && DAY_FORM.matcher(value).matches()
                || CatalogRequest.day(value).isPresent();
    }

    private static Reply invalidMarket(String name) {
        return Reply.refusedByLedger("OPSQ2001", "ERROR : INPUT INVALID_CHECK_" + name.replaceFirst("^FID_COND_", ""));
    }

    private static Reply missing(String name) {
        return Reply.refusedByLedger("OPSQ2002", "ERROR : INPUT FIELD_LENGTH [" + name + "]");
    }
}
