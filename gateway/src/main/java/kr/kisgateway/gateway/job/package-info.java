/**
 * Jobs: work that outlives the call that requested it, with its progress, its failures and its end. A job is a list of
 * units; the completed ones survive a kill, and a restart resumes with the others. A new kind of job implements {@link
 * kr.kisgateway.gateway.job.JobKind} and is passed to {@link kr.kisgateway.gateway.job.JobRunner}.
 */
@NullMarked
package kr.kisgateway.gateway.job;

import org.jspecify.annotations.NullMarked;
