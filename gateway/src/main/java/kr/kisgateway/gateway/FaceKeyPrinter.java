package kr.kisgateway.gateway;

import java.net.URI;
import java.util.LinkedHashMap;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.gateway.access.FaceIdentity;
import kr.kisgateway.gateway.access.FaceText;
import kr.kisgateway.gateway.access.KeyRing.NewKey;

/** What a program written for KIS needs of its virtual app key, in the forms in which such programs read it. */
final class FaceKeyPrinter {
    private FaceKeyPrinter() {}

    /** One part a line. */
    static String lines(NewKey key, URI url) {
        return """
                appkey     %s
                appsecret  %s
                account_no %s
                hts_id     %s
                rest_url   %s
                ws_url     %s
                api_key    %s
                """.formatted(
                        text(key).appKey(),
                        text(key).appSecret(),
                        accountNo(key),
                        identity(key).htsId(),
                        url,
                        webSocket(url),
                        key.text().reveal());
    }

    /** The parts as a JSON object. */
    static String json(NewKey key, URI url) {
        var parts = new LinkedHashMap<String, String>();
        parts.put("appkey", text(key).appKey());
        parts.put("appsecret", text(key).appSecret());
        parts.put("account_no", accountNo(key));
        parts.put("hts_id", identity(key).htsId());
        parts.put("rest_url", url.toString());
        parts.put("ws_url", webSocket(url));
        parts.put("api_key", key.text().reveal());
        return ApiJson.text(parts);
    }

    /** The settings file of the official samples: the gateway decides whether it is live or paper, so both are the same. */
    static String kisDevlp(NewKey key, URI url) {
        return """
                # kis_devlp.yaml: KIS Trading Gateway
                my_app: "%1$s"
                my_sec: "%2$s"
                paper_app: "%1$s"
                paper_sec: "%2$s"
                my_htsid: "%3$s"
                my_acct_stock: "%4$s"
                my_acct_future: "%4$s"
                my_paper_stock: "%4$s"
                my_paper_future: "%4$s"
                my_prod: "%5$s"
                prod: "%6$s"
                ops: "%7$s"
                vps: "%6$s"
                vops: "%7$s"
                my_token: ""
                my_agent: "Mozilla/5.0"
                """.formatted(
                        text(key).appKey(),
                        text(key).appSecret(),
                        identity(key).htsId(),
                        identity(key).cano(),
                        identity(key).productCode(),
                        url,
                        webSocket(url));
    }

    private static FaceText text(NewKey key) {
        return key.face().orElseThrow();
    }

    private static FaceIdentity identity(NewKey key) {
        return key.key().face().orElseThrow();
    }

    private static String accountNo(NewKey key) {
        return identity(key).cano() + "-" + identity(key).productCode();
    }

    private static String webSocket(URI url) {
        return url.toString().replaceFirst("http", "ws");
    }
}
