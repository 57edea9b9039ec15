/* The Recommend screen: what a user has rated, beside what the model would recommend, changing as it learns. In the
 * second mode the user is the person at the keyboard: a list of all items, digits give stars, and the model folds the
 * person in on the spot (models/model.h). Ratings held back for eval are marked where they stand; test ones never. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "paint.h"
#include "recscope/base/memory.h"
#include "recscope/base/random.h"
#include "recscope/base/text.h"

#define HELD_LINES 6 /* of the ratings that were held back */
#define BAR        10

struct recommend {
    bool rating; /* the mode */
    uint32_t user;
    uint64_t draws; /* random users so far */

    /* The person at the keyboard. */
    uint32_t item[RS_PROBE_RATINGS_MOST];
    float star[RS_PROBE_RATINGS_MOST];
    size_t ratings;
    uint32_t marked; /* place in `popular` */
    uint32_t top;    /* first one that is shown */
    int rows;        /* of the list, at the last painting */

    /* Of the dataset at hand. */
    const struct rs_dataset *dataset; /* taken */
    uint32_t *popular;                /* (items) the most rated first */
    float *known, *held;              /* (items) ratings of the user for training, and for eval; 0: none */
    uint32_t *liked, rated;           /* (rated) what they rated for training, the best first */

    /* Of the answer at hand. */
    uint64_t step;
    uint64_t epoch;
    bool ranked;
    uint64_t serial;         /* of the answer */
    uint64_t valid_from;     /* answers to earlier questions are about somebody else */
    uint32_t *order;         /* (items) by prediction, those that are known left out */
    uint32_t ordered;        /* in order */
    uint32_t *rank, *before; /* (items) 1 is the best, 0 is none; before: at the end of an earlier epoch */
    uint64_t before_epoch;
    bool compared; /* before is there */
};

static struct recommend *state_of(const struct rs_app *app)
{
    return app->screen_state[RS_SCREEN_recommend];
}

/* ---- the data at hand -------------------------------------------------------------------------------------------- */

static void forget_ranks(struct recommend *self)
{
    self->ranked = self->compared = false;
    self->ordered = 0;
}

static void drop_dataset(struct recommend *self)
{
    rs_free(self->popular);
    rs_free(self->known);
    rs_free(self->held);
    rs_free(self->liked);
    rs_free(self->order);
    rs_free(self->rank);
    rs_free(self->before);
    rs_dataset_drop(self->dataset);
    self->popular = self->liked = self->order = self->rank = self->before = NULL;
    self->known = self->held = NULL;
    self->dataset = NULL;
    forget_ranks(self);
}

/* qsort gives no context: what is compared carries its key. */
struct keyed {
    double key;
    uint32_t item;
};

static int larger_first(const void *a, const void *b)
{
    const struct keyed *one = a;
    const struct keyed *two = b;
    if (one->key != two->key)
        return one->key < two->key ? 1 : -1;
    return one->item > two->item ? 1 : -1;
}

/* out = items by key, the largest first. keyed (count). */
static void sort_items(struct keyed *keyed, uint32_t count, uint32_t *out)
{
    qsort(keyed, count, sizeof *keyed, larger_first);
    for (uint32_t i = 0; i < count; i++)
        out[i] = keyed[i].item;
}

static enum rs_status order_by_ratings(struct recommend *self, struct rs_error *err)
{
    const struct rs_cells *cells = &self->dataset->ratings.by_item;
    struct keyed *keyed;
    enum rs_status status = rs_alloc(&keyed, cells->rows, sizeof *keyed, err);
    if (status != RS_OK)
        return status;
    for (uint32_t i = 0; i < cells->rows; i++)
        keyed[i] = (struct keyed){(double)(cells->offset[i + 1] - cells->offset[i]), i};
    sort_items(keyed, cells->rows, self->popular);
    rs_free(keyed);
    return RS_OK;
}

/* The user's ratings of train and eval; test is not looked at. Of equal ratings the most rated item comes first. */
static enum rs_status read_user(struct recommend *self, struct rs_error *err)
{
    const struct rs_cells *cells = &self->dataset->ratings.by_user;
    uint32_t items = self->dataset->ratings.items;
    struct keyed *keyed;
    enum rs_status status = rs_alloc(&keyed, items, sizeof *keyed, err);
    if (status != RS_OK)
        return status;
    memset(self->known, 0, items * sizeof *self->known);
    memset(self->held, 0, items * sizeof *self->held);
    for (uint64_t c = cells->offset[self->user]; c < cells->offset[self->user + 1]; c++) {
        if (self->dataset->part[c] == RS_TRAIN)
            self->known[cells->column[c]] = cells->value[c];
        else if (self->dataset->part[c] == RS_EVAL)
            self->held[cells->column[c]] = cells->value[c];
    }
    self->rated = 0;
    for (uint32_t i = 0; i < items; i++)
        if (self->known[self->popular[i]] > 0)
            keyed[self->rated++] = (struct keyed){(double)self->known[self->popular[i]] - 1e-9 * i, self->popular[i]};
    sort_items(keyed, self->rated, self->liked);
    rs_free(keyed);
    forget_ranks(self);
    return RS_OK;
}

/* Be ready for the dataset of the session; another one than before is another world. */
static enum rs_status take_dataset(struct rs_app *app, struct rs_error *err)
{
    struct recommend *self = state_of(app);
    if (!app->dataset || self->dataset == app->dataset)
        return RS_OK;
    drop_dataset(self);
    size_t items = app->dataset->ratings.items;
    enum rs_status status = rs_alloc(&self->popular, items, sizeof *self->popular, err);
    if (status == RS_OK)
        status = rs_alloc(&self->known, items, sizeof *self->known, err);
    if (status == RS_OK)
        status = rs_alloc(&self->held, items, sizeof *self->held, err);
    if (status == RS_OK)
        status = rs_alloc(&self->liked, items, sizeof *self->liked, err);
    if (status == RS_OK)
        status = rs_alloc(&self->order, items, sizeof *self->order, err);
    if (status == RS_OK)
        status = rs_alloc(&self->rank, items, sizeof *self->rank, err);
    if (status == RS_OK)
        status = rs_alloc(&self->before, items, sizeof *self->before, err);
    if (status != RS_OK) {
        drop_dataset(self);
        return status;
    }
    self->dataset = rs_dataset_take(app->dataset);
    status = order_by_ratings(self, err);
    self->user = self->user < self->dataset->ratings.users ? self->user : 0;
    self->ratings = 0;
    self->marked = self->top = 0;
    return status == RS_OK ? read_user(self, err) : status;
}

/* ---- asking ------------------------------------------------------------------------------------------------------ */

static enum rs_probe_kind kind_of(const struct recommend *self)
{
    return self->rating ? RS_PROBE_PERSON : RS_PROBE_USER;
}

static void ask(struct rs_app *app, bool urgent)
{
    const struct recommend *self = state_of(app);
    const struct rs_probe_question question = {.kind = kind_of(self),
                                               .urgent = urgent,
                                               .user = self->user,
                                               .item = self->item,
                                               .rating = self->star,
                                               .ratings = self->ratings};
    rs_watch_ask(app, &question);
}

/* The stars that the person at the keyboard gave; 0: none. */
static float own_stars(const struct recommend *self, uint32_t item)
{
    for (size_t i = 0; i < self->ratings; i++)
        if (self->item[i] == item)
            return self->star[i];
    return 0;
}

static bool is_known(const struct recommend *self, uint32_t item)
{
    return self->rating ? own_stars(self, item) > 0 : self->known[item] > 0;
}

/* Put the answer's items in order; the ranks of a former epoch are kept beside. */
static void rank_items(struct recommend *self, const struct rs_probe_answer *answer)
{
    struct keyed *keyed;
    struct rs_error err;
    uint32_t items = self->dataset->ratings.items;
    if (rs_alloc(&keyed, items, sizeof *keyed, &err) != RS_OK)
        return; /* the list stays as it was */
    if (self->ranked && answer->epoch > self->epoch) {
        memcpy(self->before, self->rank, items * sizeof *self->before);
        self->before_epoch = self->epoch;
        self->compared = true;
    }
    uint32_t count = 0;
    for (uint32_t i = 0; i < items; i++)
        if (!is_known(self, i))
            keyed[count++] = (struct keyed){isfinite(answer->score[i]) ? (double)answer->score[i] : -1e30, i};
    sort_items(keyed, count, self->order);
    rs_free(keyed);
    memset(self->rank, 0, items * sizeof *self->rank);
    for (uint32_t i = 0; i < count; i++)
        self->rank[self->order[i]] = i + 1;
    self->ordered = count;
    self->serial = answer->serial;
    self->step = answer->step;
    self->epoch = answer->epoch;
    self->ranked = true;
}

/* The newest answer, where it is to what is being asked. */
static const struct rs_probe_answer *answer_of(const struct rs_app *app)
{
    const struct recommend *self = state_of(app);
    const struct rs_probe_answer *answer = app->watch[kind_of(self)].answer;
    bool fits = answer && self->dataset && answer->serial >= self->valid_from;
    return fits && (answer->problem[0] || answer->scores == self->dataset->ratings.items) ? answer : NULL;
}

static void news(struct rs_app *app)
{
    struct recommend *self = state_of(app);
    struct rs_error err;
    if (take_dataset(app, &err) != RS_OK) {
        rs_app_say(app, true, "%s", err.message);
        return;
    }
    if (app->status.step < self->step) /* another run */
        forget_ranks(self);
    const struct rs_probe_answer *answer = answer_of(app);
    if (answer && !answer->problem[0] && !(self->ranked && self->serial == answer->serial))
        rank_items(self, answer);
    ask(app, false);
}

/* Another user, or other ratings: nothing that is shown holds any more. */
static void begin_anew(struct rs_app *app)
{
    struct recommend *self = state_of(app);
    struct rs_error err;
    forget_ranks(self);
    if (self->dataset && !self->rating && read_user(self, &err) != RS_OK)
        rs_app_say(app, true, "%s", err.message);
    ask(app, true);
    self->valid_from = app->watch[kind_of(self)].serial;
}

static enum rs_status enter(struct rs_app *app, struct rs_error *err)
{
    if (!state_of(app)) {
        struct recommend *self;
        enum rs_status status = rs_alloc(&self, 1, sizeof *self, err);
        if (status != RS_OK)
            return status;
        app->screen_state[RS_SCREEN_recommend] = self;
    }
    enum rs_status status = take_dataset(app, err);
    if (status == RS_OK)
        news(app);
    return status;
}

static void free_state(struct rs_app *app)
{
    struct recommend *self = state_of(app);
    if (!self)
        return;
    drop_dataset(self);
    rs_free(self);
}

/* ---- left: what was rated ---------------------------------------------------------------------------------------- */

static void paint_known(const struct rs_app *app, struct rs_rect at)
{
    const struct recommend *self = state_of(app);
    rs_paint_format(at.row, at.column, at.columns, RS_LOOK_TITLE, "user %s has rated %" PRIu32,
                    rs_user_name(self->dataset, self->user), self->rated);
    rs_paint(at.row + 1, at.column, at.columns, RS_LOOK_DIM, "stars, for the model to learn from");
    uint32_t room = at.rows > 3 ? (uint32_t)at.rows - 2 : 1;
    uint32_t shown = self->rated <= room ? self->rated : room - 1;
    for (uint32_t i = 0; i < shown; i++) {
        uint32_t item = self->liked[i];
        int row = at.row + 2 + (int)i;
        rs_paint_format(row, at.column, 5, RS_LOOK_LIVE, "%5.3g", (double)self->known[item]);
        rs_paint(row, at.column + 7, at.columns - 7, RS_LOOK_PLAIN, rs_item_name(self->dataset, item));
    }
    if (shown < self->rated)
        rs_paint_format(at.row + 2 + (int)shown, at.column, at.columns, RS_LOOK_DIM, "... and %" PRIu32 " more",
                        self->rated - shown);
}

static void paint_shelf(struct rs_app *app, struct rs_rect at)
{
    struct recommend *self = state_of(app);
    uint32_t items = self->dataset->ratings.items;
    self->rows = at.rows - 2 > 0 ? at.rows - 2 : 1;
    self->top = self->marked < self->top ? self->marked : self->top;
    if (self->marked >= self->top + (uint32_t)self->rows)
        self->top = self->marked - (uint32_t)self->rows + 1;
    rs_paint_format(at.row, at.column, at.columns, RS_LOOK_TITLE, "you have rated %zu", self->ratings);
    rs_paint_format(at.row + 1, at.column, at.columns, RS_LOOK_DIM, "%.3g-%.3g: stars, d: none, /: find",
                    (double)self->dataset->ratings.scale.low, (double)self->dataset->ratings.scale.high);
    for (int i = 0; i < self->rows && self->top + (uint32_t)i < items; i++) {
        uint32_t place = self->top + (uint32_t)i;
        uint32_t item = self->popular[place];
        float stars = own_stars(self, item);
        int look = place == self->marked ? RS_LOOK_FOCUS : stars > 0 ? RS_LOOK_LIVE : RS_LOOK_PLAIN;
        rs_paint_blank(at.row + 2 + i, at.column, at.columns, look);
        if (stars > 0)
            rs_paint_format(at.row + 2 + i, at.column, 6, look, "%5.3g ", (double)stars);
        rs_paint(at.row + 2 + i, at.column + 7, at.columns - 7, look, rs_item_name(self->dataset, item));
    }
}

/* ---- right: what is predicted ------------------------------------------------------------------------------------ */

static double on_scale(const struct recommend *self, double prediction)
{
    const struct rs_scale *scale = &self->dataset->ratings.scale;
    return fmin(fmax(prediction, (double)scale->low), (double)scale->high);
}

/* How the rank has changed: an arrow and by how much. No colour of its own: it would be sent for every line. */
static void paint_rise(const struct rs_app *app, int row, int column, uint32_t item)
{
    const struct recommend *self = state_of(app);
    bool utf8 = app->terminal.utf8 && app->glyphs != RS_GLYPHS_ASCII;
    if (!self->compared || self->before[item] == 0 || self->before[item] == self->rank[item])
        return;
    bool up = self->before[item] > self->rank[item];
    uint32_t by = up ? self->before[item] - self->rank[item] : self->rank[item] - self->before[item];
    char count[16];
    rs_paint_glyph(row, column, RS_LOOK_PLAIN, utf8 ? (up ? 0x2191 : 0x2193) : up ? '^' : 'v');
    rs_paint(row, column + 1, 5, RS_LOOK_PLAIN, rs_short_count(count, (double)by));
}

/* Rank, its change, name, prediction, and the rating that was held back. */
static void paint_line(const struct rs_app *app, int row, int column, int columns, uint32_t item, double prediction)
{
    const struct recommend *self = state_of(app);
    bool utf8 = app->terminal.utf8 && app->glyphs != RS_GLYPHS_ASCII;
    const struct rs_scale *scale = &self->dataset->ratings.scale;
    double value = on_scale(self, prediction);
    float held = self->rating ? 0 : self->held[item];
    int right = 6 + (columns >= 60 ? BAR + 1 : 0) + (self->rating ? 0 : 7);
    int name = columns - 11 - right;
    rs_paint_format(row, column, 5, held > 0 ? RS_LOOK_CHANGED : RS_LOOK_DIM, "%5" PRIu32, self->rank[item]);
    paint_rise(app, row, column + 6, item);
    rs_paint(row, column + 11, name, held > 0 ? RS_LOOK_CHANGED : RS_LOOK_PLAIN, rs_item_name(self->dataset, item));
    column += 11 + name + 1;
    column += rs_paint_format(row, column, 6, RS_LOOK_PLAIN, "%.2f", value) + 1;
    if (columns >= 60) {
        double share = (value - (double)scale->low) / fmax((double)scale->high - (double)scale->low, 1e-9);
        for (int i = 0; i < BAR; i++) {
            bool full = i < (int)(share * BAR + 0.5);
            rs_paint_glyph(row, column++, full ? RS_LOOK_BAR : RS_PLOT_AXIS,
                           utf8   ? (full ? 0x2501 : 0x2500)
                           : full ? '#'
                                  : '.');
        }
        column++;
    }
    if (held > 0)
        rs_paint_format(row, column, 7, RS_LOOK_CHANGED, "held %.3g", (double)held);
}

static uint32_t count_held(const struct recommend *self)
{
    uint32_t count = 0;
    for (uint32_t i = 0; !self->rating && i < self->ordered; i++)
        count += self->held[self->order[i]] > 0;
    return count;
}

/* The ratings that were held back, by rank: what the model should have foreseen. */
static void paint_held(const struct rs_app *app, struct rs_rect at, const struct rs_probe_answer *answer)
{
    const struct recommend *self = state_of(app);
    uint32_t count = count_held(self);
    double squares = 0;
    for (uint32_t i = 0; i < self->ordered; i++) {
        uint32_t item = self->order[i];
        double error = on_scale(self, (double)answer->score[item]) - (double)self->held[item];
        squares += self->held[item] > 0 ? error * error : 0;
    }
    rs_paint_format(at.row, at.column, at.columns, RS_LOOK_CHANGED, "held back: %" PRIu32 " ratings, RMSE %.3f on them",
                    count, sqrt(squares / (double)count));
    int line = 1;
    for (uint32_t i = 0; i < self->ordered && line < at.rows; i++)
        if (self->held[self->order[i]] > 0)
            paint_line(app, at.row + line++, at.column, at.columns, self->order[i],
                       (double)answer->score[self->order[i]]);
}

static void paint_predictions(const struct rs_app *app, struct rs_rect at, const struct rs_probe_answer *answer)
{
    const struct recommend *self = state_of(app);
    uint32_t held = count_held(self);
    int below = held == 0 ? 0 : (int)(held < HELD_LINES ? held : HELD_LINES) + 2;
    below = at.rows - below < 8 ? 0 : below;
    int used = rs_paint_format(at.row, at.column, at.columns, RS_LOOK_TITLE,
                               self->rating ? "for you" : "predicted, best first");
    rs_paint_format(at.row, at.column + used + 2, at.columns - used - 2, RS_LOOK_PLAIN, "epoch %" PRIu64,
                    answer->epoch);
    rs_paint(at.row + 1, at.column, at.columns, RS_LOOK_DIM, " rank");
    if (self->compared)
        rs_paint_format(at.row + 1, at.column + 6, at.columns - 6, RS_LOOK_DIM, "arrows: places since epoch %" PRIu64,
                        self->before_epoch);
    for (int i = 0; i + 2 < at.rows - below && (uint32_t)i < self->ordered; i++)
        paint_line(app, at.row + 2 + i, at.column, at.columns, self->order[i], (double)answer->score[self->order[i]]);
    if (below > 0)
        paint_held(app, (struct rs_rect){at.row + at.rows - below + 1, at.column, below - 1, at.columns}, answer);
}

/* ---- the screen -------------------------------------------------------------------------------------------------- */

static void paint(struct rs_app *app, struct rs_rect body)
{
    struct recommend *self = state_of(app);
    int columns = body.columns >= 110 ? 46 : 30;
    struct rs_rect left = {body.row + 1, body.column, body.rows - 1, columns};
    struct rs_rect right = {body.row + 1, body.column + columns + 2, body.rows - 1, body.columns - columns - 2};
    if (!self->dataset) {
        rs_paint_wrapped(left.row + 1, left.column, left.rows - 2, body.columns, RS_LOOK_PLAIN,
                         app->status.state == RS_SESSION_FAILED ? app->failure : "reading data ...");
        return;
    }
    if (self->rating)
        paint_shelf(app, left);
    else
        paint_known(app, left);
    const struct rs_probe_answer *answer = answer_of(app);
    if (answer && answer->problem[0])
        rs_paint_wrapped(right.row + 1, right.column, 4, right.columns, RS_LOOK_BAD, answer->problem);
    else if (!answer || !self->ranked)
        rs_paint(right.row, right.column, right.columns, RS_LOOK_DIM, "asking the model ...");
    else
        paint_predictions(app, right, answer);
}

static void move_to(struct rs_app *app, int64_t to, uint32_t count)
{
    struct recommend *self = state_of(app);
    uint32_t at = to < 0 ? 0 : to >= (int64_t)count ? count - 1 : (uint32_t)to;
    if (self->rating) {
        self->marked = at;
    } else if (at != self->user) {
        self->user = at;
        begin_anew(app);
    }
}

static void move(struct rs_app *app, enum rs_move move)
{
    struct recommend *self = state_of(app);
    if (!self->dataset)
        return;
    const struct rs_ratings *ratings = &self->dataset->ratings;
    uint32_t count = self->rating ? ratings->items : ratings->users;
    int64_t page = self->rating ? self->rows : 10;
    const int64_t by[RS_MOVES] = {[RS_MOVE_UP] = -1,
                                  [RS_MOVE_DOWN] = 1,
                                  [RS_MOVE_PAGE_UP] = -page,
                                  [RS_MOVE_PAGE_DOWN] = page,
                                  [RS_MOVE_HOME] = -(int64_t)count,
                                  [RS_MOVE_END] = count};
    move_to(app, (int64_t)(self->rating ? self->marked : self->user) + by[move], count);
}

static bool back(struct rs_app *app)
{
    struct recommend *self = state_of(app);
    bool away = self->rating;
    self->rating = false;
    if (away)
        begin_anew(app);
    return away;
}

/* In the list to be rated; among the user's ratings there is nothing to go to. */
static bool find(struct rs_app *app, const char *text)
{
    struct recommend *self = state_of(app);
    uint32_t items = self->dataset ? self->dataset->ratings.items : 0;
    for (uint32_t i = 1; i <= items; i++) {
        uint32_t place = (self->marked + i) % items;
        if (!rs_has_text(rs_item_name(self->dataset, self->popular[place]), text))
            continue;
        self->marked = place;
        if (!self->rating) {
            self->rating = true;
            begin_anew(app);
        }
        return true;
    }
    return false;
}

static void mouse(struct rs_app *app, const struct rs_mouse *mouse)
{
    struct recommend *self = state_of(app);
    int line = mouse->row - app->layout.body.row - 3;
    if (mouse->kind == RS_MOUSE_WHEEL_UP || mouse->kind == RS_MOUSE_WHEEL_DOWN)
        move(app, mouse->kind == RS_MOUSE_WHEEL_UP ? RS_MOVE_UP : RS_MOVE_DOWN);
    else if (self->rating && mouse->kind == RS_MOUSE_PRESS && line >= 0 && line < self->rows)
        move_to(app, (int64_t)self->top + line, self->dataset->ratings.items);
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

/* The state, with the screen shown and data at hand. */
static enum rs_status ready(struct rs_app *app, struct recommend **self, struct rs_error *err)
{
    enum rs_status status = app->screen == RS_SCREEN_recommend ? RS_OK : rs_do_screen(app, "recommend", err);
    *self = state_of(app);
    if (status == RS_OK && !(*self)->dataset)
        return rs_fail(err, RS_USAGE, "there are no data yet");
    return status;
}

static enum rs_status choose_user(struct rs_app *app, const char *id, struct rs_error *err)
{
    struct recommend *self = state_of(app);
    for (uint32_t user = 0; user < self->dataset->ratings.users; user++)
        if (strcmp(rs_user_name(self->dataset, user), id) == 0) {
            self->rating = false;
            self->user = user;
            begin_anew(app);
            return RS_OK;
        }
    return rs_fail(err, RS_USAGE, "user %.40s: there is no such user: they are called %s ... %s", id,
                   rs_user_name(self->dataset, 0), rs_user_name(self->dataset, self->dataset->ratings.users - 1));
}

static void choose_typed(struct rs_app *app, const char *id)
{
    struct rs_error err;
    if (choose_user(app, id, &err) != RS_OK)
        rs_app_say(app, true, "%s", err.message);
}

enum rs_status rs_do_user(struct rs_app *app, const char *argument, struct rs_error *err)
{
    static const struct rs_prompt_ops prompt = {.question = "user: ", .answer = choose_typed};
    struct recommend *self;
    enum rs_status status = ready(app, &self, err);
    if (status != RS_OK)
        return status;
    if (argument[0] == '\0') {
        rs_app_ask(app, &prompt, rs_user_name(self->dataset, self->user));
    } else if (strcmp(argument, "random") == 0) {
        struct rs_rng rng = rs_rng_at(0, RS_DRAW_SAMPLE, 0, 0, ++self->draws);
        self->rating = false;
        self->user = (uint32_t)rs_rng_below(&rng, self->dataset->ratings.users);
        begin_anew(app);
    } else {
        status = choose_user(app, argument, err);
    }
    return status;
}

enum rs_status rs_do_rate(struct rs_app *app, const char *argument, struct rs_error *err)
{
    (void)argument;
    struct recommend *self;
    enum rs_status status = ready(app, &self, err);
    if (status != RS_OK)
        return status;
    self->rating = !self->rating;
    begin_anew(app);
    return RS_OK;
}

enum rs_status rs_do_stars(struct rs_app *app, const char *argument, struct rs_error *err)
{
    struct recommend *self;
    double stars;
    enum rs_status status = ready(app, &self, err);
    if (status != RS_OK)
        return status;
    const struct rs_scale *scale = &self->dataset->ratings.scale;
    if (!rs_parse_number(argument, &stars) ||
        (stars != 0 && !(stars >= (double)scale->low && stars <= (double)scale->high)))
        return rs_fail(err, RS_USAGE, "give %.20s: from %g to %g, or 0 to take them back", argument, (double)scale->low,
                       (double)scale->high);
    uint32_t item = self->popular[self->marked];
    size_t at = 0;
    while (at < self->ratings && self->item[at] != item)
        at++;
    if (at == RS_PROBE_RATINGS_MOST)
        return rs_fail(err, RS_USAGE, "%d ratings are enough: take some back", RS_PROBE_RATINGS_MOST);
    if (stars != 0) {
        self->item[at] = item;
        self->star[at] = (float)stars;
        self->ratings += at == self->ratings;
    } else if (at < self->ratings) {
        self->ratings--;
        self->item[at] = self->item[self->ratings];
        self->star[at] = self->star[self->ratings];
    }
    self->rating = true;
    begin_anew(app);
    return RS_OK;
}

bool rs_recommend_is_rating(const struct rs_app *app)
{
    const struct recommend *self = state_of(app);
    return app->screen == RS_SCREEN_recommend && self && self->rating;
}

const struct rs_screen_ops rs_screen_recommend = {.name = "recommend",
                                                  .title = "Recommend",
                                                  .enter = enter,
                                                  .news = news,
                                                  .paint = paint,
                                                  .move = move,
                                                  .back = back,
                                                  .find = find,
                                                  .mouse = mouse,
                                                  .free = free_state};
