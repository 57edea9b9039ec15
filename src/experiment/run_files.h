/* run_files.h -- names inside a run folder, and the lines of [fork] and [result]; shared by the writer and its readers.
 */
#ifndef RS_EXPERIMENT_RUN_FILES_H
#define RS_EXPERIMENT_RUN_FILES_H

#define RS_RUN_INI     "run.ini"
#define RS_RUN_EPOCHS  "epochs.csv"
#define RS_RUN_CHANGES "changes.csv"
#define RS_RUN_STEPS   "steps.csv"
#define RS_RUN_BEST    "best.rsm"
#define RS_RUN_STATE   "state.rsm"
#define RS_RUN_LOG     "log.txt"
#define RS_RUN_LABEL   "label.ini"

/* Everything that a run folder may hold. */
#define RS_RUN_FILES                                                                                                   \
    {                                                                                                                  \
        RS_RUN_INI, RS_RUN_EPOCHS, RS_RUN_CHANGES, RS_RUN_STEPS, RS_RUN_BEST, RS_RUN_STATE, RS_RUN_LOG, RS_RUN_LABEL   \
    }

/* The lines of [fork]: where the run comes from. */
#define RS_FORK_RUN   "run"
#define RS_FORK_EPOCH "epoch"

#define RS_RESULT_REASON        "reason"
#define RS_RESULT_STEPS         "steps"
#define RS_RESULT_BEST_EPOCH    "best_epoch"
#define RS_RESULT_BEST_EVAL     "best_eval_rmse"
#define RS_RESULT_TRAIN_SECONDS "train_seconds"
#define RS_RESULT_WEIGHTS_HASH  "weights_hash"

/* steps.csv is thinned beyond this many rows. */
#define RS_STEPS_MOST 100000

#endif
