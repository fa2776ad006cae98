package kr.kisgateway.gateway.face;

import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.edge.AnyPathListener.Answer;
import kr.kisgateway.edge.AnyPathListener.Request;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.http.ListenerForwarder;

/** In KIS's shapes, what the port of an edge refuses because the owner did not answer. */
public final class EdgeRefusals {
    private static final int ERROR = 500;
    private static final String NOT_ROUTED = "EGW00300";
    private static final String NO_ANSWER = "EGW00301";

    private EdgeRefusals() {}

    public static ListenerForwarder.Refusals inKisShapes() {
        return new ListenerForwarder.Refusals(FaceAnswers::unreadable, EdgeRefusals::refused);
    }

    private static Answer.Text refused(Request request, Refusal refusal) {
        if (FaceLogin.isLogin(request.path())) {
            return FaceAnswers.oauthRefused(ERROR, refusal.code() == ErrorCode.NO_OWNER ? NOT_ROUTED : NO_ANSWER);
        }
        return refusal.code() == ErrorCode.NO_OWNER
                ? FaceAnswers.refused(ERROR, NOT_ROUTED, "계좌를 맡은 게이트웨이가 없습니다. 다시 시도하십시오.", refusal.code())
                : FaceAnswers.refused(ERROR, NO_ANSWER, FaceAnswers.text(NO_ANSWER), refusal.code());
    }
}
