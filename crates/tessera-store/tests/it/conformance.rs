//! Every conformance class that the store declares, beside the tests that prove it: a class that is declared
//! without one fails here, and so does a row whose class is no longer declared. The compiler sees that the
//! tests are there.

use crate::{dggs, edr, filters, ogc, scene::Store, tilesets};
use std::collections::BTreeSet;

/// A class by its address after `/spec/`, and the tests that would fail if it were not kept.
type Row = (&'static str, &'static [fn()]);

const COMMON_AND_FEATURES: [Row; 18] = [
    (
        "ogcapi-common-1/1.0/conf/core",
        &[ogc::common_core_every_link_of_the_landing_page_leads_somewhere],
    ),
    (
        "ogcapi-common-1/1.0/conf/landing-page",
        &[ogc::common_core_every_link_of_the_landing_page_leads_somewhere],
    ),
    ("ogcapi-common-1/1.0/conf/json", &[ogc::each_page_is_json_and_html_by_its_media_type]),
    (
        "ogcapi-common-1/1.0/conf/html",
        &[
            ogc::each_page_is_json_and_html_by_its_media_type,
            ogc::people_get_pages_and_what_is_in_them_is_escaped,
        ],
    ),
    (
        "ogcapi-common-2/1.0/conf/collections",
        &[ogc::common_collections_are_described_with_extent_and_links_to_their_items],
    ),
    (
        "ogcapi-features-1/1.0/conf/core",
        &[
            ogc::features_core_paging_gives_every_feature_once,
            ogc::features_core_bbox_selects_what_has_a_point_in_it,
            ogc::features_core_datetime_selects_places_that_were_there,
        ],
    ),
    (
        "ogcapi-features-1/1.0/conf/geojson",
        &[ogc::features_geojson_one_feature_is_the_one_of_the_list],
    ),
    ("ogcapi-features-1/1.0/conf/html", &[ogc::people_get_pages_and_what_is_in_them_is_escaped]),
    (
        "ogcapi-features-2/1.0/conf/crs",
        &[ogc::features_crs_the_one_that_is_listed_is_taken_told_and_no_other],
    ),
    (
        "ogcapi-features-3/1.0/conf/queryables",
        &[filters::queryables_are_a_schema_of_what_every_feature_has],
    ),
    (
        "ogcapi-features-3/1.0/conf/filter",
        &[
            filters::the_language_and_the_crs_of_a_filter_may_be_said,
            filters::a_filter_that_is_wrong_is_answered_with_its_place,
        ],
    ),
    (
        "ogcapi-features-3/1.0/conf/features-filter",
        &[filters::filters_of_zones_count_and_page_like_the_zones_themselves],
    ),
    ("cql2/1.0/conf/cql2-text", &[filters::a_filter_that_is_wrong_is_answered_with_its_place]),
    ("cql2/1.0/conf/basic-cql2", &[filters::basic_cql2_selects_by_comparison_and_logic]),
    (
        "cql2/1.0/conf/advanced-comparison-operators",
        &[filters::advanced_and_case_insensitive_comparisons_select],
    ),
    (
        "cql2/1.0/conf/case-insensitive-comparison",
        &[filters::advanced_and_case_insensitive_comparisons_select],
    ),
    (
        "cql2/1.0/conf/basic-spatial-functions",
        &[filters::spatial_functions_select_points_lines_and_areas],
    ),
    (
        "cql2/1.0/conf/basic-spatial-functions-plus",
        &[filters::spatial_functions_select_points_lines_and_areas],
    ),
];

const DGGS: [Row; 10] = [
    (
        "ogcapi-dggs-1/1.0/conf/core",
        &[dggs::core_links_lead_from_the_landing_page_and_from_a_collection_to_the_grid_s_definition],
    ),
    (
        "ogcapi-dggs-1/1.0/conf/data-retrieval",
        &[dggs::data_json_has_the_numbers_of_the_cells_and_of_what_they_make_together],
    ),
    (
        "ogcapi-dggs-1/1.0/conf/data-custom-depths",
        &[
            dggs::data_json_has_the_numbers_of_the_cells_and_of_what_they_make_together,
            dggs::data_is_that_of_the_year_and_of_depths_that_there_are,
        ],
    ),
    (
        "ogcapi-dggs-1/1.0/conf/zone-query",
        &[
            dggs::zone_query_gives_every_zone_that_has_data_at_any_level,
            dggs::zone_query_goes_by_box_and_parent_and_page_by_page,
            dggs::zone_query_takes_a_subset_for_a_box_and_a_year_in_every_crs_that_is_crs84,
            dggs::zones_and_their_data_are_written_as_the_accept_header_asks,
            dggs::a_collection_lists_the_zones_of_its_items_and_has_data_of_no_other,
        ],
    ),
    (
        "ogcapi-dggs-1/1.0/conf/root-dggs",
        &[dggs::core_links_lead_from_the_landing_page_and_from_a_collection_to_the_grid_s_definition],
    ),
    (
        "ogcapi-dggs-1/1.0/conf/collection-dggs",
        &[dggs::core_links_lead_from_the_landing_page_and_from_a_collection_to_the_grid_s_definition],
    ),
    (
        "ogcapi-dggs-1/1.0/conf/data-json",
        &[dggs::data_json_has_the_numbers_of_the_cells_and_of_what_they_make_together],
    ),
    (
        "ogcapi-dggs-1/1.0/conf/data-geojson",
        &[dggs::data_geojson_has_a_feature_a_sub_zone_and_the_numbers_of_data_json],
    ),
    (
        "ogcapi-dggs-1/1.0/conf/zone-json",
        &[dggs::zone_query_gives_every_zone_that_has_data_at_any_level],
    ),
    (
        "ogcapi-dggs-1/1.0/conf/zone-geojson",
        &[dggs::zone_geojson_has_the_zones_of_zone_json_with_their_shapes],
    ),
];

const EDR: [Row; 6] = [
    (
        "ogcapi-edr-1/1.1/conf/core",
        &[
            ogc::common_core_every_link_of_the_landing_page_leads_somewhere,
            edr::a_query_that_makes_no_sense_is_refused_with_a_sentence,
        ],
    ),
    (
        "ogcapi-edr-1/1.1/conf/collections",
        &[edr::collections_say_which_queries_and_parameters_they_have],
    ),
    ("ogcapi-edr-1/1.1/conf/json", &[edr::collections_say_which_queries_and_parameters_they_have]),
    (
        "ogcapi-edr-1/1.1/conf/edr-geojson",
        &[edr::edr_geojson_has_a_point_a_sample_with_its_numbers],
    ),
    ("ogcapi-edr-1/1.1/conf/covjson", &[edr::covjson_of_a_position_is_the_series_of_its_cell]),
    (
        "ogcapi-edr-1/1.1/conf/queries",
        &[
            edr::covjson_of_a_position_is_the_series_of_its_cell,
            edr::a_datetime_chooses_the_months_and_the_state_of_the_year,
            edr::an_area_and_a_radius_hold_the_cells_centred_in_them,
            edr::a_trajectory_gives_wind_current_and_depth_along_a_sea_route_in_its_order,
        ],
    ),
];

const TILES: [Row; 10] = [
    (
        "ogcapi-tiles-1/1.0/conf/core",
        &[
            tilesets::dataset_tilesets_lead_from_the_landing_page_to_each_tile,
            tilesets::tiles_that_are_not_there_are_said_so,
        ],
    ),
    (
        "ogcapi-tiles-1/1.0/conf/tileset",
        &[tilesets::tileset_metadata_says_how_far_the_tiles_reach_and_whose_they_are],
    ),
    (
        "ogcapi-tiles-1/1.0/conf/tilesets-list",
        &[tilesets::dataset_tilesets_lead_from_the_landing_page_to_each_tile],
    ),
    (
        "ogcapi-tiles-1/1.0/conf/dataset-tilesets",
        &[tilesets::dataset_tilesets_lead_from_the_landing_page_to_each_tile],
    ),
    (
        "ogcapi-tiles-1/1.0/conf/mvt",
        &[tilesets::dataset_tilesets_lead_from_the_landing_page_to_each_tile],
    ),
    (
        "ogcapi-tiles-1/1.0/conf/png",
        &[tilesets::dataset_tilesets_lead_from_the_landing_page_to_each_tile],
    ),
    ("tms/2.0/conf/tilematrixset", &[tilesets::the_tile_matrix_set_is_the_one_that_ogc_registers]),
    (
        "tms/2.0/conf/json-tilematrixset",
        &[tilesets::the_tile_matrix_set_is_the_one_that_ogc_registers],
    ),
    (
        "tms/2.0/conf/tilesetmetadata",
        &[tilesets::tileset_metadata_says_how_far_the_tiles_reach_and_whose_they_are],
    ),
    (
        "tms/2.0/conf/json-tilesetmetadata",
        &[tilesets::tileset_metadata_says_how_far_the_tiles_reach_and_whose_they_are],
    ),
];

fn table() -> Vec<Row> {
    [COMMON_AND_FEATURES.as_slice(), &DGGS, &EDR, &TILES].concat()
}

#[tokio::test]
async fn every_class_that_is_declared_has_a_test_and_every_row_is_declared() {
    let mut store = Store::start().await;
    let declared = store.json("/conformance").await;
    let declared: Vec<&str> = declared["conformsTo"]
        .as_array()
        .unwrap()
        .iter()
        .map(|class| class.as_str().unwrap().split_once("/spec/").unwrap().1)
        .collect();
    let each: BTreeSet<&str> = declared.iter().copied().collect();
    assert_eq!(each.len(), declared.len(), "a class is declared twice");
    let proved: BTreeSet<&str> = table().into_iter().map(|(class, _)| class).collect();
    assert_eq!(each, proved, "left: declared; right: has a test");
    assert_eq!(table().len(), proved.len(), "a class has two rows");
    assert!(table().iter().all(|(_, tests)| !tests.is_empty()));
    store.stop().await;
}
