package kr.kisgateway.gateway.page;

import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;

/** {@code /}, the same document as {@code /docs}, which shows the API, and the files behind them. */
public final class PageRoutes {
    /** Scripts, styles and data come from here and nowhere else, and nothing in the document is run. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String ASSETS = "assets/";

    private final PageFiles files;

    private PageRoutes(PageFiles files) {
        this.files = files;
    }

    /** Serves the page, if this program was built with one. */
    public static void register(RouteTable table) {
        PageFiles.load(PageFiles.FOLDER).map(PageRoutes::new).ifPresent(routes -> routes.addTo(table));
    }

    private void addTo(RouteTable table) {
        table.getWithoutKey("/", call -> answer(call, PageFiles.INDEX));
        table.getWithoutKey("/docs", call -> answer(call, PageFiles.INDEX));
        table.getWithoutKey("/favicon.svg", call -> answer(call, "favicon.svg"));
        table.getWithoutKey("/" + ASSETS + "{file}", call -> answer(call, ASSETS + call.pathParameter("file")));
    }

    private void answer(Call call, String name) {
        var form = files.find(name, call.header("Accept-Encoding"))
                .orElseThrow(() -> new RefusedException(Refusal.of(ErrorCode.NOT_FOUND, "The page has no such file.")));
        // The name of an asset has the hash of its content; the document names the assets of this version.
        call.answerHeader(
                "Cache-Control", name.startsWith(ASSETS) ? "public, max-age=31536000, immutable" : "no-cache");
        call.answerHeader("Content-Security-Policy", POLICY);
        call.answerHeader("Vary", "Accept-Encoding");
        form.coding().ifPresent(coding -> call.answerHeader("Content-Encoding", coding.wireName()));
        call.answerText(() -> form, _ -> PageFiles.type(name), PageFiles.Form::bytes);
    }
}
