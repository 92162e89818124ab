//! Whom to trust.

use std::{io, path::Path, sync::Arc};

use rustls::{
    ClientConfig, InvalidMessage, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem, pem::PemObject as _},
};

/// Why nobody can be trusted.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// The file of certificates cannot be read.
    #[error("{file}: {source}")]
    File {
        /// The file.
        file: String,
        /// Why.
        source: pem::Error,
    },
    /// A certificate in it is none.
    #[error("{file}: {source}")]
    Certificate {
        /// The file.
        file: String,
        /// Why.
        source: rustls::Error,
    },
    /// There is no certificate in it.
    #[error("{file}: there is no certificate in it; PEM is expected")]
    NoCertificate {
        /// The file.
        file: String,
    },
    /// The system has no roots, and no file was given.
    #[error("this system trusts nobody: give the server's certificate with --ca")]
    NoRoots,
    /// The library refuses what it was given.
    #[error("TLS cannot be set up: {0}")]
    Setup(#[from] rustls::Error),
}

/// Trust in the system's roots, and in those of the `ca` file, PEM.
pub(super) fn client_config(ca: Option<&Path>) -> Result<Arc<ClientConfig>, TrustError> {
    let mut roots = RootCertStore::empty();
    // A root that cannot be read is one that nobody is trusted by: the others stand.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(file) = ca {
        add_file(&mut roots, file)?;
    }
    if roots.is_empty() {
        return Err(TrustError::NoRoots);
    }
    let provider = Arc::new(ring::default_provider());
    let config =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}

/// Whether TLS failed because what came is nothing of it.
pub(super) fn is_foreign(error: &io::Error) -> bool {
    let error = error.get_ref().and_then(|error| error.downcast_ref());
    matches!(error, Some(rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType)))
}

fn add_file(roots: &mut RootCertStore, path: &Path) -> Result<(), TrustError> {
    let file = path.display().to_string();
    let unreadable = |source| TrustError::File { file: file.clone(), source };
    let certificates: Vec<_> = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<_, _>>)
        .map_err(unreadable)?;
    if certificates.is_empty() {
        return Err(TrustError::NoCertificate { file });
    }
    for certificate in certificates {
        let wrong = |source| TrustError::Certificate { file: file.clone(), source };
        roots.add(certificate).map_err(wrong)?;
    }
    Ok(())
}
