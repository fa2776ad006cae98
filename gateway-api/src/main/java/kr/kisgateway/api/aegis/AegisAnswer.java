package kr.kisgateway.api.aegis;

/**
 * Answer under an AEGIS-compatible name: {@code rsp_cd}, {@code rsp_msg} and {@code data}. | AEGIS 호환 응답: {@code rsp_cd},
 * {@code rsp_msg}, {@code data}.
 */
public sealed interface AegisAnswer
        permits T1101Answer, T1305Answer, T0424Answer, T8412Answer, AegisOrderAnswer, AegisBatchAnswer, AegisRefusal {}
