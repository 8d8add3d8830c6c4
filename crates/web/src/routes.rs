//! The table of routes. Each line names its method, path, name and the rule that it needs; a line without a rule does
//! not compile. To add a page, add its line.

use axum::Router;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use throughline_app::policy::{
    self, Action, ChangePlan, FinishOwnActions, GiveAccess, HoldReviews, ImportWorkbook,
    NoteOnCharts, PublishFigure, ReadHistory, ReadPlan, ReadReadings, RecordObservations,
    SeeAccess,
};
use tower_http::compression::CompressionLayer;

use crate::error::WebError;
use crate::server::Server;
use crate::{api, assets, entrance, guard, pages};

/// Who may use a route.
#[derive(Debug, Clone, Copy)]
pub enum Rule {
    /// Anyone who reaches the server: nothing of the organisation is in it.
    Anyone,
    /// Whoever is in: it shows nothing that hangs on a right.
    Visitor,
    /// Whoever may do something by the policy table. Where, the use case asks.
    May(&'static policy::Rule),
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path, with its parts in braces.
    pub path: &'static str,
    /// The name, by which links find it.
    pub name: &'static str,
    /// The rule that it needs.
    pub rule: Rule,
}

macro_rules! routes {
    ($($method:ident $path:literal $name:ident ($rule:expr) => $handler:path;)*) => {
        /// Every route.
        pub const ROUTES: &[Route] = &[$(Route {
            method: stringify!($method),
            path: $path,
            name: stringify!($name),
            rule: $rule,
        }),*];

        fn by_table(server: &Server) -> Router<Server> {
            Router::new()$(.route(
                $path,
                method!($method)($handler).layer(from_fn_with_state((server.clone(), $rule), guard::by_rule)),
            ))*
        }
    };
}

macro_rules! method {
    (GET) => {
        get
    };
    (POST) => {
        post
    };
}

use Rule::{Anyone, May, Visitor};

routes! {
    GET  "/"                        home          (Visitor)                => entrance::home;
    GET  "/enter/{token}"           enter         (Anyone)                 => entrance::enter;
    GET  "/assets/{version}/{*path}" assets       (Anyone)                 => assets::get;
    GET  "/sign-in"                 sign_in       (Anyone)                 => pages::sign_in::get;
    POST "/sign-in"                 sign_in_as    (Anyone)                 => pages::sign_in::post;
    GET  "/password"                password      (Visitor)                => pages::password::get;
    POST "/password"                change_password (Visitor)              => pages::password::post;
    POST "/sign-out"                sign_out      (Visitor)                => pages::sign_in::out;
    GET  "/join/{token}"            join          (Anyone)                 => pages::join::get;
    POST "/join/{token}"            join_with     (Anyone)                 => pages::join::post;
    GET  "/set-up"                  set_up        (May(SeeAccess::RULE))   => pages::set_up::get;
    POST "/set-up"                  set_up_as     (May(GiveAccess::RULE))  => pages::set_up::post;
    POST "/theme"                   theme         (Visitor)                => pages::theme::post;
    GET  "/look-through"            look_through  (Visitor)                => pages::look_through::get;
    POST "/look-through"            look_as       (Visitor)                => pages::look_through::post;
    GET  "/find"                    find          (May(ReadPlan::RULE))    => pages::find::get;
    GET  "/strategy"                strategy      (May(ReadReadings::RULE)) => pages::strategy::get;
    GET  "/map"                     map           (May(ReadReadings::RULE)) => pages::map::get;
    GET  "/links/{key}"             link          (May(ReadReadings::RULE)) => pages::link::get;
    GET  "/chances"                 chances       (May(ReadReadings::RULE)) => pages::chances::get;
    GET  "/scorecard"               scorecard     (May(ReadReadings::RULE)) => pages::scorecard::get;
    GET  "/objectives/{key}"        objective     (May(ReadReadings::RULE)) => pages::node::objective;
    GET  "/outcomes/{key}"          outcome       (May(ReadReadings::RULE)) => pages::node::outcome;
    GET  "/behaviours/{key}"        behaviour     (May(ReadReadings::RULE)) => pages::node::behaviour;
    GET  "/initiatives"             initiatives   (May(ReadReadings::RULE)) => pages::initiatives::all;
    GET  "/initiatives/{key}"       initiative    (May(ReadReadings::RULE)) => pages::initiatives::one;
    GET  "/people"                  people        (May(ReadReadings::RULE)) => pages::people::get;
    GET  "/people/{key}"            person        (May(ReadReadings::RULE)) => pages::person::get;
    GET  "/people/{key}/access"     access        (May(SeeAccess::RULE))   => pages::access::get;
    POST "/people/{key}/access"     give_access   (May(GiveAccess::RULE))  => pages::access::post;
    POST "/people/{key}/invitation" invite        (May(GiveAccess::RULE))  => pages::access::invite;
    GET  "/invitations"             invitations   (May(SeeAccess::RULE))   => pages::invitations::get;
    POST "/invitations"             invite_all    (May(GiveAccess::RULE))  => pages::invitations::post;
    GET  "/line-of-sight"           line_of_sight (May(ReadReadings::RULE)) => pages::line_of_sight::mine;
    GET  "/line-of-sight/{key}"     line_of_sight_of (May(ReadReadings::RULE)) => pages::line_of_sight::of_person;
    GET  "/api"                     api           (Visitor)                => pages::api::get;
    GET  "/api/v1/openapi.json"     api_openapi   (Visitor)                => api::openapi::get;
    GET  "/api/v1/place"            api_place     (May(ReadReadings::RULE)) => api::place::get;
    GET  "/api/v1/scorecard"        api_scorecard (May(ReadReadings::RULE)) => api::readings::scorecard;
    GET  "/api/v1/decisions"        api_decisions (May(ReadReadings::RULE)) => api::standing::needed;
    GET  "/api/v1/initiatives"      api_initiatives (May(ReadReadings::RULE)) => api::standing::initiatives;
    GET  "/api/v1/initiatives/{key}" api_initiative (May(ReadReadings::RULE)) => api::standing::initiative;
    GET  "/api/v1/line-of-sight/{key}" api_line_of_sight (May(ReadReadings::RULE)) => api::sight::get;
    GET  "/api/v1/map"              api_map       (May(ReadReadings::RULE)) => api::readings::map;
    GET  "/api/v1/links/{key}/evidence" api_evidence (May(ReadReadings::RULE)) => api::evidence::of_link;
    GET  "/api/v1/measures/{key}/drivers" api_drivers (May(ReadReadings::RULE)) => api::evidence::drivers_of;
    GET  "/api/v1/measures/{key}/readings" api_readings (May(ReadReadings::RULE)) => api::readings::over_time;
    GET  "/api/v1/measures/{key}/signals" api_signals (May(ReadReadings::RULE)) => api::insight::signals;
    GET  "/api/v1/measures/{key}/forecast" api_forecast (May(ReadReadings::RULE)) => api::insight::forecast;
    GET  "/api/v1/chances"          api_chances   (May(ReadReadings::RULE)) => api::insight::chances;
    GET  "/api/v1/measures/{key}/explanation" api_explanation (May(ReadReadings::RULE)) => api::readings::explanation;
    GET  "/api/v1/measures/{key}/observations" api_observations (May(ReadReadings::RULE)) => api::observations::get;
    GET  "/api/v1/measures/{key}/corrections" api_corrections (May(ReadReadings::RULE)) => api::history::corrections;
    GET  "/api/v1/measures/{key}/values" api_values (May(ReadHistory::RULE)) => api::history::values;
    GET  "/api/v1/plan"             api_plan      (May(ReadPlan::RULE))    => api::records::plan;
    GET  "/api/v1/find"             api_find      (May(ReadPlan::RULE))    => api::records::found;
    GET  "/api/v1/records/{kind}"   api_records   (May(ReadPlan::RULE))    => api::records::of_kind;
    GET  "/api/v1/records/{kind}/{key}" api_record (May(ReadPlan::RULE))   => api::records::one;
    GET  "/api/v1/records/{kind}/{key}/history" api_record_history (May(ReadHistory::RULE)) => api::history::of_record;
    GET  "/api/v1/commits"          api_commits   (May(ReadHistory::RULE)) => api::history::commits;
    GET  "/api/v1/commits/{number}" api_commit    (May(ReadHistory::RULE)) => api::history::commit;
    GET  "/api/v1/diff"             api_diff      (May(ReadHistory::RULE)) => api::history::diff;
    GET  "/api/v1/restatements"     api_restatements (May(ReadHistory::RULE)) => api::history::restatements;
    GET  "/api/v1/target-drift"     api_target_drift (May(ReadHistory::RULE)) => api::history::target_drift;
    POST "/api/v1/observations"     api_record_observations (May(RecordObservations::RULE)) => api::observations::post;
    GET  "/reviews"                 reviews       (May(ReadReadings::RULE)) => pages::reviews::all;
    POST "/bodies"                  found_body    (May(ChangePlan::RULE))  => pages::reviews::found;
    POST "/reviews"                 schedule_review (May(HoldReviews::RULE)) => pages::reviews::schedule_one;
    GET  "/reviews/calendar.ics"    reviews_calendar (May(ReadReadings::RULE)) => pages::review_calendar::calendar;
    GET  "/calendar"                own_calendar  (Visitor)                => pages::review_calendar::get;
    POST "/calendar"                new_calendar  (Visitor)                => pages::review_calendar::renew;
    POST "/calendar/end"            end_calendar  (Visitor)                => pages::review_calendar::end;
    GET  "/calendar/{file}"         calendar      (Anyone)                 => pages::review_calendar::subscribed;
    GET  "/reviews/{key}"           review        (May(ReadReadings::RULE)) => pages::review::get;
    GET  "/reviews/{key}/minutes"   review_minutes (May(ReadReadings::RULE)) => pages::review_minutes::get;
    GET  "/reviews/{key}/minutes.md" review_minutes_text (May(ReadReadings::RULE)) => pages::review_minutes::get_text;
    GET  "/reviews/{key}/wall"      review_wall   (May(ReadReadings::RULE)) => pages::review_wall::get;
    GET  "/reviews/{key}/pack.pdf"  review_pack   (May(ReadReadings::RULE)) => pages::review::get_pack;
    POST "/reviews/{key}/steps"     review_step   (May(HoldReviews::RULE)) => pages::review_steps::post_step;
    POST "/reviews/{key}/calling-off" review_calling_off (May(HoldReviews::RULE)) => pages::review_steps::post_call_off;
    POST "/reviews/{key}/presence"  review_presence (May(HoldReviews::RULE)) => pages::review_steps::post_presence;
    POST "/reviews/{key}/records"   review_record (May(HoldReviews::RULE)) => pages::review_records::post;
    POST "/reviews/{key}/withdrawals" review_withdrawal (May(HoldReviews::RULE)) => pages::review_records::post_withdrawal;
    POST "/reviews/{key}/undo"      review_undo   (May(HoldReviews::RULE)) => pages::review_records::post_undo;
    GET  "/due"                     due           (May(ReadReadings::RULE)) => pages::due::get;
    GET  "/due/late"                late_figures  (May(ReadReadings::RULE)) => pages::late_figures::get;
    POST "/due"                     enter_due     (May(RecordObservations::RULE)) => pages::due::post;
    GET  "/figures/{token}"         figures       (Anyone)                 => pages::figures::get;
    POST "/figures/{token}"         enter_figures (Anyone)                 => pages::figures::post;
    POST "/figures/{token}/withdrawal" take_figures_back (Anyone)          => pages::figures::take_back;
    GET  "/mails"                   mails         (Visitor)                => pages::mails::get;
    POST "/mails"                   choose_mails  (Visitor)                => pages::mails::post;
    GET  "/mails/off/{token}"       mails_off     (Anyone)                 => pages::mails::ask_off;
    POST "/mails/off/{token}"       stop_mails    (Anyone)                 => pages::mails::switch_off;
    POST "/due/withdrawal"          take_back     (May(RecordObservations::RULE)) => pages::due::take_back;
    POST "/due/publication"         publish_figure (May(PublishFigure::RULE)) => pages::due_publication::post;
    GET  "/actions"                 actions       (May(ReadReadings::RULE)) => pages::actions::get;
    POST "/actions/{key}/completion" finish_action (May(FinishOwnActions::RULE)) => pages::actions::finish;
    GET  "/import"                  import        (May(ImportWorkbook::RULE)) => pages::import::get;
    POST "/import"                  open_import   (May(ImportWorkbook::RULE)) => pages::import::post;
    GET  "/import/{name}"           check_import  (May(ImportWorkbook::RULE)) => pages::import_check::get;
    GET  "/import/{name}/left-out"  import_left_out (May(ImportWorkbook::RULE)) => pages::import_left_out::get;
    GET  "/import/{name}/mapping"   import_mapping (May(ImportWorkbook::RULE)) => pages::import_check::get_mapping;
    POST "/import/{name}/corrections" correct_import (May(ImportWorkbook::RULE)) => pages::import_corrections::post;
    POST "/import/{name}/confirmation" confirm_import (May(ImportWorkbook::RULE)) => pages::import_check::confirm;
    GET  "/imports/{number}"        imported      (May(ImportWorkbook::RULE)) => pages::imported::get;
    GET  "/history"                 history       (May(ReadHistory::RULE)) => pages::history::get;
    GET  "/history/between"         comparison    (May(ReadHistory::RULE)) => pages::comparison::get;
    GET  "/history/targets"         moved_targets (May(ReadHistory::RULE)) => pages::moved_targets::get;
    POST "/history/{number}/reversal" reverse_commit (May(ChangePlan::RULE)) => pages::commit::reverse;
    GET  "/history/{number}"        commit        (May(ReadHistory::RULE)) => pages::commit::get;
    GET  "/plan"                    plan          (May(ReadPlan::RULE))    => pages::plan::get;
    GET  "/records/{kind}"          plan_of_kind  (May(ReadPlan::RULE))    => pages::plan::of_kind;
    POST "/records/{kind}"          add_record    (May(ChangePlan::RULE))  => pages::record_form::save_new;
    GET  "/records/{kind}/new"      new_record    (May(ChangePlan::RULE))  => pages::record_form::new;
    GET  "/records/{kind}/{key}/edit" edit_record (May(ChangePlan::RULE))  => pages::record_form::edit;
    POST "/records/{kind}/{key}"    save_record   (May(ChangePlan::RULE))  => pages::record_form::save;
    GET  "/measures/{key}/observation" observation (May(ReadHistory::RULE)) => pages::observation::get;
    GET  "/measures"                measures      (May(ReadReadings::RULE)) => pages::measures::get;
    GET  "/measures/{key}/explanation" explanation (May(ReadReadings::RULE)) => pages::explanation::get;
    GET  "/measures/{key}"          measure       (May(ReadReadings::RULE)) => pages::measure::get;
    POST "/measures/{key}/notes"    note_on_chart (May(NoteOnCharts::RULE)) => pages::chart_notes::post;
    POST "/measures/{key}/notes/withdrawal" note_withdrawal (May(NoteOnCharts::RULE)) => pages::chart_notes::post_withdrawal;
    POST "/measures/{key}/notes/return" note_return (May(NoteOnCharts::RULE)) => pages::chart_notes::post_return;
}

/// The router: the table, what is not in it, and what every request passes.
pub fn router(server: &Server) -> Router {
    let nowhere = get(async || WebError::NotThere).layer(from_fn_with_state(
        (server.clone(), Visitor),
        guard::by_rule,
    ));
    let another_way = from_fn_with_state((server.clone(), Visitor), guard::by_rule);
    by_table(server)
        .method_not_allowed_fallback((async || WebError::NotAllowed).layer(another_way))
        .fallback_service(nowhere.with_state(server.clone()))
        .layer(from_fn_with_state(server.clone(), pages::message::in_words))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(server.clone(), guard::every))
        .with_state(server.clone())
}

/// The path of the route of that name, if there is one: a link to a page that is not there yet is none.
#[must_use]
pub fn path_of(name: &str) -> Option<&'static str> {
    let is_page = |route: &&Route| route.name == name && route.method == "GET";
    ROUTES.iter().find(is_page).map(|route| route.path)
}
