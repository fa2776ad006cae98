package kr.kisgateway.client.settings;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kr.kisgateway.market.NearestWord;

/**
 * The KIS environment with its app key and account, for every program alike. Every contradiction becomes a sentence; live
 * is never guessed.
 */
public final class BrokerSettings {
    /** Other names of KIS's practice system. */
    private static final List<String> PAPER_NAMES = List.of("paper", "demo", "virtual", "vts", "vps");

    private static final Pattern ACCOUNT = Pattern.compile("(\\d{8})-?(\\d{2})");
    private static final Pattern CANO = Pattern.compile("\\d{8}");
    private static final Pattern PRODUCT = Pattern.compile("\\d{2}");
    private static final List<Setting> CREDENTIALS = List.of(
            Setting.KIS_APP_KEY,
            Setting.KIS_APP_SECRET,
            Setting.KIS_ACCOUNT_NO,
            Setting.KIS_ACCOUNT_NUMBER,
            Setting.KIS_CANO,
            Setting.KIS_MOCK_APP_KEY,
            Setting.KIS_MOCK_APP_SECRET,
            Setting.KIS_MOCK_CANO);

    /**
     * @param cano eight digits (종합계좌번호)
     * @param product two digits (계좌상품코드)
     */
    public record Account(String cano, String product) {
        /** An account as {@code 12345678-01}, with or without the hyphen. */
        public static Optional<Account> parse(String text) {
            Matcher form = ACCOUNT.matcher(text);
            return form.matches() ? Optional.of(new Account(form.group(1), form.group(2))) : Optional.empty();
        }

        @Override
        public String toString() {
            return cano.substring(0, 2) + "******-**";
        }
    }

    private final SettingForms forms;

    public BrokerSettings(SettingForms forms) {
        this.forms = forms;
    }

    /** Whether any part of app keys or accounts is set. */
    public boolean hasCredentials() {
        return CREDENTIALS.stream().anyMatch(name -> forms.text(name).isPresent());
    }

    /** @param furtherCredentials whether some are configured elsewhere */
    public Target target(boolean furtherCredentials) {
        Optional<Boolean> mock = forms.explicitFlag(Setting.KIS_MOCK);
        Optional<Boolean> virtual = forms.explicitFlag(Setting.KIS_USE_VIRTUAL_SERVER);
        boolean paper = mock.orElse(false) || virtual.orElse(false);
        boolean notPaper =
                mock.filter(it -> !it).isPresent() || virtual.filter(it -> !it).isPresent();
        if (paper && notPaper) {
            forms.problem("KIS_MOCK and KIS_USE_VIRTUAL_SERVER contradict each other; set KIS_ENV to sim, mock or live"
                    + " and leave both out.");
        }
        Optional<String> requestedEnv = forms.keyword(Setting.KIS_ENV);
        if (requestedEnv.isEmpty()) {
            if (!paper && (furtherCredentials || hasCredentials())) {
                forms.problem(
                        "Credentials are set but no environment; set KIS_ENV=sim (simulator), KIS_ENV=mock (KIS paper"
                                + " trading) or KIS_ENV=live (real money).");
            }
            return paper ? Target.MOCK : Target.SIM;
        }
        Target target = switch (requestedEnv.get()) {
            case "sim" -> Target.SIM;
            case "mock" -> Target.MOCK;
            case "live" -> Target.LIVE;
            case String other -> {
                forms.problem("KIS_ENV must be sim, mock or live"
                        + (PAPER_NAMES.contains(other)
                                ? "; paper trading (모의투자) is mock."
                                : NearestWord.ending(other, List.of("sim", "mock", "live"))));
                yield Target.SIM;
            }
        };
        if (paper && !notPaper && target != Target.MOCK) {
            forms.problem("KIS_ENV=" + requestedEnv.get() + " contradicts "
                    + (mock.orElse(false) ? "KIS_MOCK" : "KIS_USE_VIRTUAL_SERVER")
                    + "=true, which means mock; leave one of them out.");
        }
        if (notPaper && !paper && target == Target.MOCK) {
            forms.problem("KIS_ENV=mock contradicts " + (mock.isPresent() ? "KIS_MOCK" : "KIS_USE_VIRTUAL_SERVER")
                    + "=false; leave one of them out.");
        }
        return target;
    }

    /** Whether paper trading has its own app key here. */
    public boolean hasPaperKey() {
        return forms.text(Setting.KIS_MOCK_APP_KEY).isPresent()
                || forms.text(Setting.KIS_MOCK_APP_SECRET).isPresent();
    }

    /** The app key of {@code target}. */
    public Optional<String> appKey(Target target) {
        return forms.secret(
                target == Target.MOCK && hasPaperKey() ? Setting.KIS_MOCK_APP_KEY : Setting.KIS_APP_KEY, 8, 64);
    }

    /** The app secret of {@code target}. */
    public Optional<String> appSecret(Target target) {
        return forms.secret(
                target == Target.MOCK && hasPaperKey() ? Setting.KIS_MOCK_APP_SECRET : Setting.KIS_APP_SECRET, 16, 256);
    }

    /** One account by all its spellings; KIS's paper account may have its own. */
    public Optional<Account> account(Target target) {
        if (target == Target.MOCK && forms.text(Setting.KIS_MOCK_CANO).isPresent()) {
            return account(List.of(), Setting.KIS_MOCK_CANO, Setting.KIS_MOCK_ACNT_PRDT_CD);
        }
        return account(
                List.of(Setting.KIS_ACCOUNT_NO, Setting.KIS_ACCOUNT_NUMBER),
                Setting.KIS_CANO,
                Setting.KIS_ACNT_PRDT_CD);
    }

    private Optional<Account> account(List<Setting> accountSettings, Setting canoName, Setting productName) {
        var found = new LinkedHashSet<Account>();
        var names = new ArrayList<String>();
        for (Setting name : accountSettings) {
            forms.text(name)
                    .ifPresent(text -> Account.parse(text)
                            .ifPresentOrElse(
                                    account -> {
                                        found.add(account);
                                        names.add(name.name());
                                    },
                                    () -> forms.problem(name + " must be eight digits, a hyphen and two digits.")));
        }
        Optional<String> product = matchingText(productName, PRODUCT, "two digits");
        Optional<String> cano = matchingText(canoName, CANO, "eight digits");
        // Without a product code the account's other spelling has it, else it is the ordinary stock account.
        Optional<String> productCode =
                product.or(() -> found.stream().findFirst().map(Account::product));
        cano.ifPresent(digits -> {
            found.add(new Account(digits, productCode.orElse("01")));
            names.add(canoName.name());
        });
        if (cano.isEmpty()
                && product.isPresent()
                && found.stream().anyMatch(account -> !account.product().equals(product.get()))) {
            forms.problem(productName + " and " + names.getFirst() + " name different accounts.");
        }
        if (found.size() > 1) {
            forms.problem(String.join(" and ", names) + " name different accounts; give one.");
        }
        return found.stream().findFirst();
    }

    private Optional<String> matchingText(Setting name, Pattern form, String what) {
        Optional<String> text = forms.text(name);
        if (text.isPresent() && !form.matcher(text.get()).matches()) {
            forms.problem(name + " must be " + what + ".");
            return Optional.empty();
        }
        return text;
    }
}
