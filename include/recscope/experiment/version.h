/* version.h -- which program this is. Threads: safe from any thread. */
#ifndef RECSCOPE_EXPERIMENT_VERSION_H
#define RECSCOPE_EXPERIMENT_VERSION_H

const char *rs_version(void); /* "0.1.0" */
const char *rs_commit(void);  /* of the source it was built from; "unknown" outside a repository */

#endif
