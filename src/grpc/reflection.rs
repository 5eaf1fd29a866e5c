//! Reflection: tools ask what there is. A tool that asks nothing more does not hold up a stop.

use axum::body::Body as Parts;
use tokio::sync::watch::Receiver;
use tokio_stream::{StreamExt as _, once, wrappers::WatchStream};
use tonic::{
    body::Body,
    codegen::http::Request,
    service::{LayerExt as _, Routes},
};
use tonic_reflection::server::Builder;
use tower::util::MapRequestLayer;

use super::DESCRIPTORS;

/// With reflection, which ends in order when the bank stops: what was asked before is answered.
pub(super) fn add_to(routes: Routes, stopping: Receiver<bool>) -> anyhow::Result<Routes> {
    let mut builder = Builder::configure();
    for it in DESCRIPTORS {
        builder = builder.register_encoded_file_descriptor_set(it);
    }
    let ended = move |it: Request<Body>| it.map(|asked| until(asked, stopping.clone()));
    Ok(routes.add_service(MapRequestLayer::new(ended).named_layer(builder.build_v1()?)))
}

/// What is asked, until the bank stops: the service takes it for the end of the questions.
fn until(asked: Body, stopping: Receiver<bool>) -> Body {
    let asked = Parts::new(asked).into_data_stream().map(Some).chain(once(None));
    let stop = WatchStream::new(stopping).filter(|it| *it).map(|_| None);
    Body::new(Parts::from_stream(asked.merge(stop).map_while(|it| it)))
}
