/**
 * Jobs: work that outlives the call that asked for it, with its progress, its failures and its end. A job is a list of units;
 * which of them are done survives a kill, and a restart goes on with the others. A new kind of job implements
 * {@link kr.kisgateway.gateway.job.JobKind} and is handed to {@link kr.kisgateway.gateway.job.JobRunner}.
 */
@NullMarked
package kr.kisgateway.gateway.job;

import org.jspecify.annotations.NullMarked;
