# ruff: noqa: E501 (documents stand here as people write them)
"""Homepages of invented people, in the markup of the usual generators and of none.

Each document stands with what it says: title | authors | a part of the venue text | arXiv id.
"""

from datetime import UTC, datetime

import pytest

from harvest.model import Answer, Record
from harvest.sources import READERS, recognise

WHEN = datetime(2026, 5, 1, tzinfo=UTC)
DOCUMENTS: dict[str, tuple[str, str]] = {}


def document(name: str, text: str, said: str) -> None:
    """Adds one document to the table."""
    DOCUMENTS[name] = (f"<!DOCTYPE html>\n<html><head><title>Home</title></head><body>{text}</body></html>", said)


def agrees(record: Record, line: str) -> bool:
    """Whether a record says what its line does."""
    title, authors, venue, arxiv_id = ([part.strip() for part in line.split("|")] + [""])[:4]
    same = (record.title, "; ".join(record.authors), record.arxiv_id or "") == (title, authors, arxiv_id)
    return same and venue in (record.comment or "")


document(
    "jemdoc ol",
    r"""
<div id="layout-menu"><div class="menu-item"><a href="index.html">Home</a></div><div class="menu-item"><a href="pubs.html">Publications</a></div></div>
<table summary="Table for page layout." id="tlayout"><tr valign="top"><td id="layout-content">
<div id="toptitle"><h1>Dimitra Papadaki</h1></div>
<p>I am an assistant professor at Aegean Tech. I work with Jonas Weber and Li Na on optimization.</p>
<h2>Preprints</h2>
<ol>
<li><p><b>D. Papadaki</b> and J. Weber, <i>Cutting planes without tears</i>, submitted to Math. Program., 2024. [<a href="https://arxiv.org/abs/2403.00123">arXiv</a>]</p>
</li>
<li><p>J. Weber, <b>D. Papadaki</b>, and N. Li, <i>Robust routing under drift</i>, 2023. [<a href="https://arxiv.org/pdf/2311.04567.pdf">pdf</a>, <a href="x">code</a>]</p>
</li>
</ol>
<h2>Journal papers</h2>
<ol>
<li><p><b>D. Papadaki</b>, N. Li. <i>Online matching with stochastic rewards.</i> Operations Research, 70(1):1-20, 2022.</p></li>
</ol>
<h2>Teaching</h2>
<ul><li><p>OR 201, with J. Weber and N. Li, Fall 2023.</p></li></ul>
<div id="footer"><div id="footer-text">Page generated 2024-05-05 10:00:00 CEST, by <a href="https://github.com/wsshin/jemdoc_mathjax">jemdoc+MathJax</a>.</div></div>
</td></tr></table>
""",
    """
Cutting planes without tears | D. Papadaki; J. Weber | submitted to Math. Program., 2024. | 2403.00123
Robust routing under drift | J. Weber; D. Papadaki; N. Li | 2023. | 2311.04567
Online matching with stochastic rewards | D. Papadaki; N. Li | Operations Research, 70(1):1-20, 2022.
""",
)

document(
    "jemdoc br",
    r"""
<h1>Publications</h1>
<h2>Selected papers</h2>
<ul>
<li><p><a href="https://arxiv.org/abs/2106.01111">Provable Meta-Learning with a Linear Representation</a> <br />
Zhiyuan Han*, Sara Conti*, and Peng Ye <br />
<i>International Conference on Machine Learning</i> (ICML), 2021 <br />
</p></li>
<li><p>Sparse Recovery Beyond Compressed Sensing <br />
Sara Conti, Zhiyuan Han <br />
<i>Annals of Applied Probability</i>, to appear <br />
</p></li>
<li><p>On the Margin of Deep Linear Networks [<a href="https://arxiv.org/abs/1909.02222">arXiv</a>] [<a href="talk.mp4">talk</a>] <br />
Zhiyuan Han <br />
Manuscript <br /></p></li>
</ul>
<h2>Students</h2><ul><li><p>Peng Ye (PhD, 2022)</p></li></ul>
""",
    """
Provable Meta-Learning with a Linear Representation | Zhiyuan Han; Sara Conti; Peng Ye | International Conference on Machine Learning (ICML), 2021 | 2106.01111
Sparse Recovery Beyond Compressed Sensing | Sara Conti; Zhiyuan Han | Annals of Applied Probability, to appear
On the Margin of Deep Linear Networks | Zhiyuan Han | Manuscript | 1909.02222
""",
)

document(
    "al-folio",
    r"""
<nav><ul><li><a href="/">about</a></li><li><a href="/publications/">publications</a></li></ul></nav>
<div class="post"><header class="post-header"><h1 class="post-title">publications</h1><p class="post-description">in reversed chronological order.</p></header>
<article><div class="publications">
<h2 class="bibliography">2024</h2>
<ol class="bibliography"><li>
<div class="row"><div class="col col-sm-2 abbr"><abbr class="badge rounded w-100">NeurIPS</abbr></div>
<div id="han2024" class="col-sm-8"><div class="title">Implicit Bias of Mirror Flow on Separable Data</div>
<div class="author"><em>Scarlett Moreau</em>, Radu Popescu, and <a href="https://z.org" rel="external nofollow noopener" target="_blank">Nikhil Shah</a></div>
<div class="periodical"><em>In Advances in Neural Information Processing Systems</em> , Dec 2024 </div>
<div class="periodical"></div>
<div class="links"><a class="abstract btn btn-sm z-depth-0" role="button">Abs</a> <a href="http://arxiv.org/abs/2406.12763" class="btn btn-sm z-depth-0" role="button">arXiv</a> <a class="bibtex btn btn-sm z-depth-0" role="button">Bib</a> <a href="https://openreview.net/forum?id=abcDEF1234" class="btn btn-sm" role="button">HTML</a></div>
<div class="badges"><span class="altmetric-embed" data-arxiv-id="2406.12763"></span></div>
<div class="abstract hidden"><p>We examine the continuous-time counterpart of mirror descent, namely mirror flow, on classification problems which are linearly separable.</p></div>
<div class="bibtex hidden"><figure class="highlight"><pre><code class="language-bibtex" data-lang="bibtex"><span class="nc">@inproceedings</span><span class="p">{</span><span class="nl">han2024</span><span class="p">,</span>
  <span class="na">title</span> <span class="p">=</span> <span class="s">{Implicit Bias of Mirror Flow on Separable Data}</span><span class="p">,</span>
  <span class="na">author</span> <span class="p">=</span> <span class="s">{Moreau, Scarlett and Popescu, Radu and Shah, Nikhil}</span><span class="p">,</span>
  <span class="na">year</span> <span class="p">=</span> <span class="s">{2024}</span>
<span class="p">}</span></code></pre></figure></div>
</div></div></li>
<li><div class="row"><div class="col col-sm-2 abbr"></div>
<div id="x2" class="col-sm-8"><div class="title">Large Stepsizes Are Fine</div>
<div class="author">Radu Popescu, <em>Scarlett Moreau</em>, Jane Doe, and <span class="more-authors" title="click to view 2 more authors" onclick="x">2 more authors</span></div>
<div class="periodical"><em>arXiv preprint arXiv:2401.05555</em>, Jan 2024</div><div class="periodical"></div>
<div class="links"><a class="btn">PDF</a></div></div></div></li></ol>
<h2 class="bibliography">2022</h2>
<ol class="bibliography"><li><div class="row"><div class="col col-sm-2 abbr"><abbr class="badge"><a href="https://jmlr.org">JMLR</a></abbr></div>
<div id="x3" class="col-sm-8"><div class="title">The Edge of Stability, Explained?</div>
<div class="author"><em>Scarlett Moreau</em></div>
<div class="periodical"><em>Journal of Machine Learning Research</em>, 2022</div>
<div class="links"></div></div></div></li></ol>
</div></article></div>
<footer class="sticky-bottom mt-5"><div class="container">© Copyright 2024 Scarlett Moreau. Powered by Jekyll with al-folio theme. Hosted by GitHub Pages.</div></footer>
""",
    """
Implicit Bias of Mirror Flow on Separable Data | Scarlett Moreau; Radu Popescu; Nikhil Shah | In Advances in Neural Information Processing Systems | 2406.12763
Large Stepsizes Are Fine | Radu Popescu; Scarlett Moreau; Jane Doe | arXiv preprint arXiv:2401.05555, Jan 2024 | 2401.05555
The Edge of Stability, Explained? | Scarlett Moreau | Journal of Machine Learning Research, 2022
""",
)

document(
    "hugo academic citation",
    r"""
<section id="bio"><h1>Tomás Herrera</h1><p>Postdoc. I like causal inference.</p><h3>Interests</h3><ul><li>Causal inference</li></ul><h3>Education</h3><ul><li><p class="course">PhD in Statistics, 2019</p><p class="institution">Andes University</p></li></ul></section>
<section id="publications"><div class="section-heading"><h1>Recent Publications</h1></div>
<div class="pub-list-item" style="margin-bottom: 1rem"><i class="far fa-file-alt pub-icon"></i>
<span class="article-metadata li-cite-author"><span class="author-highlighted">Tomás Herrera</span>, <span>Mia Larsson</span></span>
(2023). <a href="/publication/iv/">Weak instruments and strong opinions</a>. <em>Journal of Econometrics</em>.
<p><a class="btn btn-outline-primary btn-sm" href="/a.pdf">PDF</a> <a class="btn btn-sm" href="#">Cite</a> <a class="btn" href="https://doi.org/10.1016/j.jeconom.2023.01.001">DOI</a></p></div>
<div class="pub-list-item" style="margin-bottom: 1rem"><i class="far fa-file-alt pub-icon"></i>
<span class="article-metadata li-cite-author"><span>Mia Larsson</span>, <span class="author-highlighted">Tomás Herrera</span>, <span>K. Osei</span></span>
(2021). <a href="/publication/did/">Parallel trends, or not</a>. <em>arXiv</em>.
<p><a class="btn" href="https://arxiv.org/abs/2108.01010">Preprint</a></p></div>
</section>
<section id="talks"><h1>Recent & Upcoming Talks</h1><div class="pub-list-item"><a href="/talk">Weak instruments</a>, Mia Larsson, Tomás Herrera, 2022</div></section>
<section id="contact"><h1>Contact</h1><p>t@example.org</p></section>
""",
    """
Weak instruments and strong opinions | Tomás Herrera; Mia Larsson | Journal of Econometrics
Parallel trends, or not | Mia Larsson; Tomás Herrera; K. Osei | arXiv | 2108.01010
""",
)

document(
    "hugo compact",
    r"""
<h1>Recent Publications</h1>
<div class="media stream-item view-compact"><div class="media-body">
<div class="section-subheading article-title mb-0 mt-0"><a href="/publication/a/">Tensor methods for topic models</a></div>
<a href="/publication/a/" class="summary-link"><div class="article-style">We propose a spectral algorithm, which learns topics, words, and people from counts.</div></a>
<div class="stream-meta article-metadata"><div><span>Hyun-woo Kim</span>, <span class="author-highlighted"><a>Aoife Byrne</a></span></div></div>
<div class="btn-links"><a class="btn" href="https://arxiv.org/pdf/1912.00001">PDF</a><a class="btn">Cite</a><a class="btn">Code</a></div></div><div class="ml-3"><img></div></div>
<div class="media stream-item view-compact"><div class="media-body">
<div class="section-subheading article-title mb-0 mt-0"><a href="/publication/b/">Counting words, privately</a></div>
<a href="/publication/b/" class="summary-link"><div class="article-style">Private counting is hard, and we show why.</div></a>
<div class="stream-meta article-metadata"><div><span class="author-highlighted"><a>Aoife Byrne</a></span>, <span>Hyun-woo Kim</span>, <span>Stefan Ilic</span></div></div>
<div class="btn-links"><a class="btn">PDF</a></div></div></div>
<h1>Experience</h1><div>Senior Scientist, Green Labs, 2020 – Present</div>
""",
    """
Tensor methods for topic models | Hyun-woo Kim; Aoife Byrne |  | 1912.00001
Counting words, privately | Aoife Byrne; Hyun-woo Kim; Stefan Ilic |
""",
)

document(
    "academicpages",
    r"""
<div class="masthead"><nav><ul><li><a href="/publications/">Publications</a></li><li><a href="/talks/">Talks</a></li></ul></nav></div>
<div id="main"><div class="sidebar"><h3 class="author__name">Bilal Rahman</h3><p>Lecturer</p></div>
<div class="archive"><h1 class="page__title">Publications</h1>
<div class="list__item"><article class="archive__item"><h2 class="archive__item-title" itemprop="headline"><a href="/publication/1" rel="permalink">Energy landscapes of spin glasses on sparse graphs</a></h2>
<p>Published in <i>Journal of Statistical Physics</i>, 2021</p><p class="archive__item-excerpt">This paper is about landscapes.</p>
<p>Recommended citation: Bilal Rahman, Eva Novák. (2021). "Energy landscapes of spin glasses on sparse graphs." <i>Journal of Statistical Physics</i>. 182(3).</p>
<p><a href="/x.pdf">Download Paper</a></p></article></div>
<div class="list__item"><article class="archive__item"><h2 class="archive__item-title" itemprop="headline"><a href="/publication/2" rel="permalink">Replica bounds by interpolation</a></h2>
<p>Published in <i>Probability Theory and Related Fields</i>, 2019</p><p class="archive__item-excerpt">This paper is about bounds.</p>
<p>Recommended citation: Eva Novák, Bilal Rahman, and Jun Ito. (2019). "Replica bounds by interpolation." <i>PTRF</i>. 174.</p></article></div>
</div></div>
""",
    """
Energy landscapes of spin glasses on sparse graphs | Bilal Rahman; Eva Novák | Journal of Statistical Physics
Replica bounds by interpolation | Eva Novák; Bilal Rahman; Jun Ito |
""",
)

document(
    "acad-homepage badges",
    r"""
<h1 id="-publications">📝 Publications</h1>
<p>(*: equal contribution)</p>
<div class="paper-box"><div class="paper-box-image"><div><div class="badge">CVPR 2024</div><img src="i.png" alt="sym" width="100%" /></div></div>
<div class="paper-box-text"><p><a href="https://arxiv.org/abs/2312.01234">GaussAvatar: Animatable Heads from One Phone</a></p>
<p><strong>Wenjun Luo</strong>*, Max Berger*, Yuki Mori</p>
<p><a href="https://x.github.io"><strong>Project</strong></a> <strong><span class="show_paper_citations" data="abc"></span></strong></p>
<ul><li>We animate heads, hands, and hats from a single phone video.</li></ul></div></div>
<div class="paper-box"><div class="paper-box-image"><div><div class="badge">TPAMI 2023</div><img src="i.png" /></div></div>
<div class="paper-box-text"><p><a href="https://y.org">Survey of Neural Rendering</a></p>
<p>Max Berger, <strong>Wenjun Luo</strong>, Yuki Mori, Carla Diaz</p></div></div>
<ul>
<li><code class="language-plaintext highlighter-rouge">ICCV 2023</code> <a href="https://arxiv.org/abs/2303.09999">NightSight: Seeing in the Dark with Events</a>, Yuki Mori, <strong>Wenjun Luo</strong></li>
<li><code class="language-plaintext highlighter-rouge">Preprint</code> <a href="https://z.org">Talking Trees</a>, <strong>Wenjun Luo</strong>, Carla Diaz, <strong>Under Review</strong></li>
</ul>
<h1 id="-honors-and-awards">🎖 Honors and Awards</h1>
<ul><li><em>2023.10</em> National Scholarship, with Max Berger, Yuki Mori.</li></ul>
<h1 id="-educations">📖 Educations</h1><ul><li><em>2019.06 - now</em>, PhD, Delta University.</li></ul>
""",
    """
GaussAvatar: Animatable Heads from One Phone | Wenjun Luo; Max Berger; Yuki Mori | CVPR 2024 | 2312.01234
Survey of Neural Rendering | Max Berger; Wenjun Luo; Yuki Mori; Carla Diaz | TPAMI 2023
NightSight: Seeing in the Dark with Events | Yuki Mori; Wenjun Luo | ICCV 2023 | 2303.09999
Talking Trees | Wenjun Luo; Carla Diaz | Under Review
""",
)

document(
    "hand-written br",
    r"""
<h2>Leopold Krüger</h2>
<p>Professor of Computer Science</p>
<a href="#pubs">Publications</a> | <a href="#teach">Teaching</a>
<h3><a name="pubs">Publications</a></h3>
<b>2020</b><br>
Leopold Krüger and Amara Nwosu. <a href="a.pdf">Lower Bounds for Sorting with Advice</a>. SODA 2020. <br><br>
Amara Nwosu, Leopold Krüger, Tim Brooks. <a href="b.pdf">Caching in the Wild</a>. In <i>Proc. 47th ICALP</i>, 2020. (<a href="s.pdf">slides</a>) <br><br>
<b>2018</b><br>
Leopold Krüger. <a href="c.pdf">Dynamic Trees in Practice</a>. <i>Journal of Experimental Algorithmics</i> 23, 2018. <br><br>
<h3><a name="teach">Teaching</a></h3>
Algorithms I, Winter 2020, with Amara Nwosu<br>
""",
    """
Lower Bounds for Sorting with Advice | Leopold Krüger; Amara Nwosu | SODA 2020.
Caching in the Wild | Amara Nwosu; Leopold Krüger; Tim Brooks | In Proc. 47th ICALP, 2020.
Dynamic Trees in Practice | Leopold Krüger | Journal of Experimental Algorithmics 23, 2018.
""",
)

document(
    "barron table",
    r"""
<table style="width:100%"><tbody><tr><td><p class="name" style="text-align: center;">Farid Azimi</p><p>I am a scientist at Lens Labs, where I work with Greta Holm and Ivan Petrov.</p>
<p><a href="mailto:f@x.org">Email</a> / <a href="cv.pdf">CV</a> / <a href="https://scholar.google.com/x">Google Scholar</a></p></td><td><img></td></tr></tbody></table>
<table><tbody><tr><td><h2>Research</h2><p>I'm interested in computer vision. Some papers are <span class="highlight">highlighted</span>.</p></td></tr></tbody></table>
<table><tbody>
<tr onmouseout="a_stop()" onmouseover="a_start()" bgcolor="#ffffd0"><td style="padding:16px;width:20%"><div class="one"><img src="a.png"></div></td>
<td style="padding:8px;width:80%;vertical-align:middle"><a href="https://lens.github.io/"><span class="papertitle">LensNeRF: Radiance Fields through Raindrops</span></a><br>
<strong>Farid Azimi</strong>, <a href="g">Greta Holm</a>, <a href="i">Ivan Petrov</a><br>
<em>ECCV</em>, 2024 &nbsp <font color="red"><strong>(Oral Presentation)</strong></font><br>
<a href="https://lens.github.io/">project page</a> / <a href="https://youtu.be/x">video</a> / <a href="https://arxiv.org/abs/2407.00007">arXiv</a>
<p></p><p>Raindrops bend light, and we bend it back.</p></td></tr>
<tr><td><div class="one"><img src="b.png"></div></td>
<td><a href="x"><span class="papertitle">Shadow Removal with Polarization</span></a><br>
Greta Holm, <strong>Farid Azimi</strong><br>
<em>CVPR</em>, 2023<br>
<a href="p">arXiv</a> / <a href="c">code</a><p></p><p>Polarization helps.</p></td></tr>
</tbody></table>
<table><tbody><tr><td><h2>Miscellanea</h2></td></tr></tbody></table>
<table><tbody><tr><td>Area Chair, CVPR 2024</td></tr></tbody></table>
<p>This site is based on <a href="https://jonbarron.info">Jon Barron's</a> page.</p>
""",
    """
LensNeRF: Radiance Fields through Raindrops | Farid Azimi; Greta Holm; Ivan Petrov | ECCV, 2024 (Oral Presentation) | 2407.00007
Shadow Removal with Polarization | Greta Holm; Farid Azimi | CVPR, 2023
""",
)

document(
    "li one line with quotes and bold venue",
    r"""
<h1>Ruth Abebe</h1>
<h3>Selected Publications <a href="https://dblp.org/x">(full list on DBLP)</a></h3>
<ul>
<li>"Fairness under Feedback", <u>Ruth Abebe</u>, Jon Park, Lena Vogt, <b>FAccT 2023</b> [<a href="a">paper</a>] [<a href="b">video</a>]</li>
<li>"Auditing Recommenders at Scale", Jon Park and <u>Ruth Abebe</u>, <b>WWW 2022</b> <font color="red">(Best Paper Award)</font></li>
<li>"Who Is Counted?", <u>Ruth Abebe</u>, <b>Communications of the ACM</b>, 64(2), 2021</li>
</ul>
<h3>Media</h3><ul><li>"Fairness under Feedback", interview with Jon Park and Lena Vogt, Radio 4, 2023</li></ul>
""",
    """
Fairness under Feedback | Ruth Abebe; Jon Park; Lena Vogt | FAccT 2023
Auditing Recommenders at Scale | Jon Park; Ruth Abebe | WWW 2022 (Best Paper Award)
Who Is Counted? | Ruth Abebe | Communications of the ACM, 64(2), 2021
""",
)

document(
    "p per entry, bold title then authors in same paragraph",
    r"""
<div class="container"><h2 id="publications">Publications</h2>
<h4>Preprints</h4>
<p><b><a href="https://arxiv.org/abs/2505.01234">Reasoning by Analogy in Small Models</a></b><br/>Anjali Menon, Chris Doyle, <i>et al.</i><br/>arXiv 2025</p>
<h4>2024</h4>
<p><b><a href="x">Curriculum Learning, Revisited</a></b><br/>Chris Doyle, <b>Anjali Menon</b><br/>EMNLP 2024 Findings<br/><a>PDF</a> | <a>Code</a> | <a>BibTeX</a></p>
<p><b>Probing Probes</b><br/><b>Anjali Menon</b>, Chris Doyle, and Paolo Ricci<br/>In Proceedings of ACL 2024</p>
<h2>Invited Talks</h2><p><b>Probing Probes</b><br/>Anjali Menon, Chris Doyle<br/>Google, 2024</p></div>
""",
    """
Reasoning by Analogy in Small Models | Anjali Menon; Chris Doyle | arXiv 2025 | 2505.01234
Curriculum Learning, Revisited | Chris Doyle; Anjali Menon | EMNLP 2024 Findings
Probing Probes | Anjali Menon; Chris Doyle; Paolo Ricci | In Proceedings of ACL 2024
""",
)

document(
    "math with brackets",
    r"""
<h1>Ewa Zielińska</h1><h2>Research papers</h2>
<ol reversed>
<li><a href="https://arxiv.org/abs/2209.11111">Heat kernels on fractal trees</a>, with <a>D. Cohen</a>, <i>to appear in</i> J. Funct. Anal.</li>
<li><a href="https://arxiv.org/abs/2101.22222">A Liouville theorem for rough metrics</a> (with D. Cohen and R. Yamada), Calc. Var. PDE 61 (2022).</li>
<li><a href="x">Boundary behaviour of harmonic maps</a>, Ann. PDE 6 (2020), Paper No. 4.</li>
</ol>
<h2>Notes</h2><ul><li>Notes on heat kernels, with D. Cohen, 2018</li></ul>
""",
    """
Heat kernels on fractal trees | D. Cohen | to appear in J. Funct. Anal. | 2209.11111
A Liouville theorem for rough metrics | D. Cohen; R. Yamada | Calc. Var. PDE 61 (2022). | 2101.22222
Boundary behaviour of harmonic maps |  | Ann. PDE 6 (2020), Paper No. 4.
""",
)

document(
    "details with abstract",
    r"""
<h1>Working papers</h1>
<div class="paper"><p><strong>Broadband and Local News</strong> (<a href="p.pdf">pdf</a>)<br>with Peter Hall and Simone Costa<br><em>R&amp;R, Journal of Public Economics</em></p>
<details><summary>Abstract</summary><p>We study broadband, news, and votes using a staggered rollout.</p></details></div>
<div class="paper"><p><strong>The Price of Parking</strong> (<a href="q.pdf">pdf</a>)<br><em>Submitted</em></p>
<details><summary>Abstract</summary><p>Parking is never free.</p></details></div>
<h1>Publications</h1>
<div class="paper"><p><strong>Minimum Wages and Bus Routes</strong><br>with Simone Costa<br><em>American Economic Journal: Applied Economics</em>, 2021</p>
<details><summary>Abstract</summary><p>Buses move workers.</p></details></div>
<h1>Teaching</h1><p>Public Economics, with Peter Hall</p>
""",
    """
Broadband and Local News | Peter Hall; Simone Costa | R&R, Journal of Public Economics
The Price of Parking |  | Submitted
Minimum Wages and Bus Routes | Simone Costa | American Economic Journal: Applied Economics, 2021
""",
)

document(
    "google-sites spans",
    r"""
<div><div><h1><span>Publications</span></h1></div>
<div><p><span style="font-weight:700">Journal</span></p></div>
<div><p><span>[1] </span><span style="font-weight:700">J. Andersson</span><span>, M. Bianchi, "Optimal sensor placement for bridges," </span><span style="font-style:italic">Mechanical Systems and Signal Processing</span><span>, vol. 150, 2021.</span></p></div>
<div><p><span>[2] </span><span>M. Bianchi, </span><span style="font-weight:700">J. Andersson</span><span>, C. Wu, "Damage detection by drone," </span><span style="font-style:italic">Automation in Construction</span><span>, vol. 99, pp. 1-12, 2019.</span></p></div>
<div><p><span style="font-weight:700">Conference</span></p></div>
<div><p><span>[3] </span><span style="font-weight:700">J. Andersson</span><span>, "Listening to concrete," in </span><span style="font-style:italic">Proc. EWSHM</span><span>, 2018.</span></p></div>
<div><h1><span>Teaching</span></h1></div><div><p><span>[1] Mechanics, with M. Bianchi, 2018</span></p></div></div>
""",
    """
Optimal sensor placement for bridges | J. Andersson; M. Bianchi | Mechanical Systems and Signal Processing, vol. 150, 2021.
Damage detection by drone | M. Bianchi; J. Andersson; C. Wu | Automation in Construction, vol. 99, pp. 1-12, 2019.
Listening to concrete | J. Andersson | in Proc. EWSHM, 2018.
""",
)

document(
    "dl and news before, selected pubs with tldr",
    r"""
<section><h2>News</h2><ul><li>[2024/09] Two papers with Hao Lin, Vera Kuzmina accepted to NeurIPS 2024!</li><li>[2024/05] One paper "Robust Alignment", by Hao Lin, Oskar Lund, accepted to ICML 2024.</li></ul></section>
<section><h2>Selected Publications</h2>
<div class="pub"><div class="pub-title"><a href="https://arxiv.org/abs/2409.12345">Reward Models Are Judges, Not Oracles</a></div>
<div class="pub-authors">Hao Lin<sup>*</sup>, <b>Oskar Lund</b><sup>*</sup>, Vera Kuzmina<sup>†</sup></div>
<div class="pub-venue">NeurIPS 2024 <span class="award">Spotlight</span></div>
<div class="pub-tldr">TL;DR: Reward models, when asked twice, disagree.</div>
<div><a>Paper</a> · <a>Code</a> · <a>Tweet</a></div></div>
<div class="pub"><div class="pub-title"><a href="https://arxiv.org/abs/2402.54321">Robust Alignment with Noisy Preferences</a></div>
<div class="pub-authors">Hao Lin, <b>Oskar Lund</b></div>
<div class="pub-venue">ICML 2024</div>
<div><a>Paper</a></div></div></section>
<section><h2>Service</h2><p>Reviewer: NeurIPS, ICML</p></section>
""",
    """
Reward Models Are Judges, Not Oracles | Hao Lin; Oskar Lund; Vera Kuzmina | NeurIPS 2024 Spotlight | 2409.12345
Robust Alignment with Noisy Preferences | Hao Lin; Oskar Lund | ICML 2024 | 2402.54321
""",
)

document(
    "ul nested venue li",
    r"""
<h2>Conference Publications</h2>
<ul><li><strong>Streaming Graph Sketches</strong><ul><li>Ioana Radu, Felix Brandt, Mei Chen</li><li><em>VLDB 2022</em></li><li><a>[pdf]</a> <a>[code]</a></li></ul></li>
<li><strong>Joins on a Budget</strong><ul><li>Felix Brandt, Ioana Radu</li><li><em>SIGMOD 2021</em>, Honorable Mention</li></ul></li></ul>
<h2>Journal Publications</h2>
<ul><li><strong>A Survey of Data Cleaning</strong><ul><li>Mei Chen, Ioana Radu</li><li><em>ACM Computing Surveys</em>, 2023</li></ul></li></ul>
<h2>Professional Activities</h2><ul><li>PC Member: VLDB 2023, SIGMOD 2024</li></ul>
""",
    """
Streaming Graph Sketches | Ioana Radu; Felix Brandt; Mei Chen | VLDB 2022
Joins on a Budget | Felix Brandt; Ioana Radu | SIGMOD 2021, Honorable Mention
A Survey of Data Cleaning | Mei Chen; Ioana Radu | ACM Computing Surveys, 2023
""",
)

document(
    "dl",
    r"""
<h1>Nadia Rossi</h1><h2>Papers</h2>
<dl><dt>Decomposing Attention Heads</dt><dd>Nadia Rossi, Ben Fox, and Lin Xu</dd><dd><i>NeurIPS 2022</i>, <a href="https://arxiv.org/abs/2206.33333">arXiv</a></dd>
<dt>On Word Order</dt><dd>Ben Fox, Nadia Rossi</dd><dd><i>TACL</i> 9 (2021)</dd></dl>
<h2>Teaching</h2><dl><dt>NLP</dt><dd>Ben Fox, Nadia Rossi</dd><dd>Spring 2022</dd></dl>
""",
    """
Decomposing Attention Heads | Nadia Rossi; Ben Fox; Lin Xu | NeurIPS 2022 | 2206.33333
On Word Order | Ben Fox; Nadia Rossi | TACL 9 (2021)
""",
)

document(
    "table with header row",
    r"""
<h2>Publications</h2>
<table><thead><tr><th>Year</th><th>Title</th><th>Authors</th><th>Venue</th></tr></thead><tbody>
<tr><td>2023</td><td><a href="https://arxiv.org/abs/2301.44444">Learned Indexes, Honestly</a></td><td>Viktor Lang, Asha Rao</td><td>SIGMOD</td></tr>
<tr><td>2021</td><td>Compression by Example</td><td>Asha Rao, Viktor Lang, T. Cruz</td><td>VLDB</td></tr></tbody></table>
""",
    """
Learned Indexes, Honestly | Viktor Lang; Asha Rao | SIGMOD | 2301.44444
Compression by Example | Asha Rao; Viktor Lang; T. Cruz | VLDB
""",
)

document(
    "bold heads in one block of br",
    r"""
<font face="Arial"><b>Otto Meyer</b><br><br>
<b>Publications</b><br><br>
1. O. Meyer and S. Liu. <i>Packing circles in squares</i>. Discrete Comput. Geom. 60 (2018), 1-20.<br>
2. S. Liu, O. Meyer. <i>Covering by strips</i>. Mathematika 66 (2020), 400-410.<br>
3. O. Meyer. <i>Shadows of cubes</i>. Preprint. <a href="https://arxiv.org/abs/2111.55555">arXiv</a><br><br>
<b>Teaching</b><br><br>Geometry, with S. Liu and K. Roth, Fall 2020<br></font>
""",
    """
Packing circles in squares | O. Meyer; S. Liu | Discrete Comput. Geom. 60 (2018), 1-20.
Covering by strips | S. Liu; O. Meyer | Mathematika 66 (2020), 400-410.
Shadows of cubes | O. Meyer | Preprint. | 2111.55555
""",
)

document(
    "div headings by class",
    r"""
<div class="wrap"><div class="section-title">About</div><p>I am a PhD student working with Carl Bauer and Yun Shi.</p>
<div class="section-title">Publications</div>
<div class="pub-item"><span class="pub-title">Clock Skew in the Cloud</span><br><span class="pub-auth">Zoe Adler, Carl Bauer</span><br><span class="pub-venue">NSDI 2024</span></div>
<div class="pub-item"><span class="pub-title">Tail at Rest</span><br><span class="pub-auth">Carl Bauer, Zoe Adler, Yun Shi</span><br><span class="pub-venue">SOSP 2023</span></div>
<div class="section-title">Teaching</div><div class="pub-item">Networks, Carl Bauer, Zoe Adler, 2022</div></div>
""",
    """
Clock Skew in the Cloud | Zoe Adler; Carl Bauer | NSDI 2024
Tail at Rest | Carl Bauer; Zoe Adler; Yun Shi | SOSP 2023
""",
)

document(
    "inline spans run together by css",
    r"""
<h2>Publications</h2>
<div class="pub"><span class="title">Auctions with Regret. </span><span class="authors">Ilya Sokolov, Maya Stein. </span><span class="venue">EC 2022.</span></div>
<div class="pub"><span class="title">Pricing the Unpriceable. </span><span class="authors">Maya Stein, Ilya Sokolov, Juan Vega. </span><span class="venue">WINE 2020.</span></div>
""",
    """
Auctions with Regret | Ilya Sokolov; Maya Stein | EC 2022.
Pricing the Unpriceable | Maya Stein; Ilya Sokolov; Juan Vega | WINE 2020.
""",
)

document(
    "research heading, owner only once",
    r"""
<h1>Kofi Mensah</h1><h2>Research</h2>
<ul><li><b>Monsoons and Migration</b>, Kofi Mensah and Elin Dahl, <i>Journal of Development Economics</i>, 2022.</li>
<li><b>Cocoa Prices in Retrospect</b>, Kofi Mensah, <i>World Development</i>, 2019.</li></ul>
<h2>Contact</h2><p>kofi@example.org</p>
""",
    """
Monsoons and Migration | Kofi Mensah; Elin Dahl | Journal of Development Economics, 2022.
Cocoa Prices in Retrospect | Kofi Mensah | World Development, 2019.
""",
)

document(
    "wordpress paragraphs",
    r"""
<div class="entry-content"><h3 class="wp-block-heading">Peer-reviewed articles</h3>
<p>Okonkwo, C., &amp; Lind, E. (2023). Trust in automation: A meta-analysis. <em>Human Factors</em>, <em>65</em>(2), 100–120. <a href="https://doi.org/10.1177/0018720">https://doi.org/10.1177/0018720</a></p>
<p>Lind, E., Okonkwo, C., &amp; St. James, R. (2021). Alarms that cry wolf. <em>Ergonomics</em>, <em>64</em>, 1–12.</p>
<h3 class="wp-block-heading">Chapters</h3>
<p>Okonkwo, C. (2020). Human error. In A. Black (Ed.), <em>Handbook of Safety</em> (pp. 1–20). CRC Press.</p>
<h3 class="wp-block-heading">Conference presentations</h3><p>Okonkwo, C., &amp; Lind, E. (2019). Alarms. Talk at HFES.</p></div>
""",
    """
Trust in automation: A meta-analysis | C. Okonkwo; E. Lind | Human Factors, 65(2), 100–120.
Alarms that cry wolf | E. Lind; C. Okonkwo; R. St. James | Ergonomics, 64, 1–12.
Human error | C. Okonkwo | In A. Black (Ed.), Handbook of Safety (pp. 1–20). CRC Press.
""",
)

document(
    "korean and numbered h3 titles",
    r"""
<h2>Publications</h2>
<h3>International Conference</h3>
<ol><li><strong>Minsu Kim</strong>, Jisoo Park, and Hae-Won Lee, "Tiny Vision Transformers on Microcontrollers," in <em>Proc. DAC</em>, 2023.</li>
<li>Jisoo Park, <strong>Minsu Kim</strong>, "Memory is all we lack," <em>ISCA</em>, 2022. <span style="color:red">(Best Paper)</span></li></ol>
<h3>Domestic Journal</h3>
<ol><li>김민수, 박지수, "초소형 비전 모델", <em>정보과학회논문지</em>, 2021.</li></ol>
<h2>Awards</h2><ul><li>Best Paper, ISCA 2022, with Jisoo Park, Hae-Won Lee</li></ul>
""",
    """
Tiny Vision Transformers on Microcontrollers | Minsu Kim; Jisoo Park; Hae-Won Lee | in Proc. DAC, 2023.
Memory is all we lack | Jisoo Park; Minsu Kim | ISCA, 2022. (Best Paper)
초소형 비전 모델 | 김민수; 박지수 | 정보과학회논문지, 2021.
""",
)

document(
    "abstract paragraphs and toggles after each li",
    r"""
<h2>Publications</h2><ul class="pubs">
<li><p><a class="title" href="https://arxiv.org/abs/2010.66666">Planning with Imagined Goals</a><br>Tara Singh, Owen Clark<br><i>CoRL 2021</i></p>
<p><a href="#" onclick="toggle()">abstract</a> <a href="#">bibtex</a></p>
<div style="display:none"><p>Robots, people, and goals are considered. We show that imagining goals, plans, and rewards helps.</p><pre>@inproceedings{singh2021, title={Planning with Imagined Goals}, author={Singh, Tara and Clark, Owen}, year={2021}}</pre></div></li>
<li><p><a class="title">Touch Before You Look</a><br>Owen Clark, Tara Singh<br><i>RSS 2020</i></p>
<p><a>abstract</a></p><div style="display:none"><p>Touch is fast.</p></div></li></ul>
""",
    """
Planning with Imagined Goals | Tara Singh; Owen Clark | CoRL 2021 | 2010.66666
Touch Before You Look | Owen Clark; Tara Singh | RSS 2020
""",
)

document(
    "buttons beside the names, one work in two lists",
    r"""
<h2>Working papers</h2><h3>Listed in reverse chronological order</h3><ul>
<li><p><b>Slow Queues and Fast Clerks</b>, <br /> <b>Ivo Brandt</b>, Mei Lin [<a href="https://arxiv.org/abs/2402.01111">Paper</a>]<br />Under second-round review at <i>Queueing Letters</i>, preliminary version accepted at <i>SODA 2023</i>. <br /><tt>Finalist of a student prize</tt></p></li>
<li><p><b>Pricing by Guessing</b> [<a href="https://z">policy brief</a>]<br /> <b>Ivo Brandt</b>, Mei Lin [<a href="d.pdf">Paper</a>]<br />In preparation for submission.</p></li></ul>
<h2>Publications</h2><ul>
<li><p><b>Slow Queues and Fast Clerks</b>, <br /> <b>Ivo Brandt</b>, Mei Lin [<a href="e.pdf">Paper</a>] <br /> <i>Symposium on Discrete Algorithms (SODA 2023)</i> [<a href="f">Link</a>].</p></li></ul>
""",
    """
Slow Queues and Fast Clerks | Ivo Brandt; Mei Lin | Under second-round review at Queueing Letters | 2402.01111
Pricing by Guessing | Ivo Brandt; Mei Lin | In preparation for submission.
Slow Queues and Fast Clerks | Ivo Brandt; Mei Lin | Symposium on Discrete Algorithms (SODA 2023)
""",
)

document(
    "with the others below the title",
    r"""
<h5><em>Published papers:</em></h5>
<p>3. <strong>Sheaves on a broken fan</strong><br><em>with Ida Holm and Piet de Wit</em><br><em>Journal of Algebra, 92 (2022), 35–40.</em> <a href="https://arxiv.org/abs/2004.04001">arXiv:2004.04001</a></p>
<p>2. <strong>Thick and thin categories</strong><br><em>with Ida Holm</em><br><em>Advances in Mathematics, 78 (2021), 107.</em></p>
<p>1. <strong>Minimal Models and Fans</strong> (joint with Ida Holm, Piet de Wit, Ugo Berti and Ann Low)<br><em>Forthcoming, Documenta, 2020</em></p>
<h5><em>Preprints:</em></h5><p>1. <strong>On equivariant fans</strong><br><a href="https://arxiv.org/abs/2407.01002">arXiv:2407.01002</a></p>
""",
    """
Sheaves on a broken fan | Ida Holm; Piet de Wit | Journal of Algebra | 2004.04001
Thick and thin categories | Ida Holm | Advances in Mathematics
Minimal Models and Fans | Ida Holm; Piet de Wit; Ugo Berti; Ann Low | Forthcoming, Documenta, 2020
On equivariant fans |  | arXiv:2407.01002 | 2407.01002
""",
)

document(
    "bullets typed as text",
    r"""
<h1>My Papers</h1><div>
<p><span>&nbsp;&nbsp;</span><span>• </span><span>Convex sets of guesses</span></p><p>(A short note)</p><p>&nbsp; Together with <a href="a">Ida Holm</a> and <a href="b">Ugo Berti</a><span>. In </span><a href="c">Proc. CALCO 2021</a>, LIPIcs 211, 2021.</p><p><br></p>
<p>• <span>Splitting, constructively</span></p><p>Together with <a href="a">Ida Holm</a>. LMCS 17 (3:10), 2020.</p></div>
""",
    """
Convex sets of guesses | Ida Holm; Ugo Berti | In Proc. CALCO 2021
Splitting, constructively | Ida Holm | LMCS 17 (3:10), 2020.
""",
)

document(
    "numbers in a cell of their own, rows left open",
    r"""
<h1>Papers (selected)</h1><table>
<tr><td valign="top">12</td><td><img src="new.gif"> Rui Sá (equal contribution), Kim Lund, Ola Ek,<b> Seeing Wide by Looking Twice</b>,<i>ICML</i> 2026. <br /></td></tr>
<td valign="top">11</td><td>Sá R, Lund K, Ek O,<b> A Survey of Nets for Fishing</b>,<i> TPAMI </i> 2024. <br /></td></tr>
<tr><TD><B>10</B><td>"<a href="p.pdf">Separating long line segments"</a> with K. Lund and O. Ek, <i>Information Processing Letters</i> 64 (1998), 309-314.<br>
</table>
""",
    """
Seeing Wide by Looking Twice | Rui Sá; Kim Lund; Ola Ek | ICML 2026.
A Survey of Nets for Fishing | Sá R; Lund K; Ek O | TPAMI 2024.
Separating long line segments | K. Lund; O. Ek | Information Processing Letters 64 (1998)
""",
)

document(
    "the title after names and venue",
    r"""
<h1>Publications</h1><div id="list">
<div class="card"><div class="meta"><div><span>Ada Roy</span>, <span>Ben Oz</span>, <span>Cy Lee</span></div><span>June 2022</span> <span>In <em>ICALP 2022</em></span></div><div class="article-title"><a href="/a/">Flow is as hard as it looks</a></div><a href="/a/"><p>We show it.</p></a></div>
<div class="card"><div class="meta"><div><span>Ada Roy</span>, <span>Ben Oz</span></div><span>July 2021</span> <span>In <em>TKDD</em></span></div><div class="article-title"><a href="/b/">What mobile phones do at night</a></div><a href="/b/"><p>They idle.</p></a></div></div>
""",
    """
Flow is as hard as it looks | Ada Roy; Ben Oz; Cy Lee | June 2022 In ICALP 2022
What mobile phones do at night | Ada Roy; Ben Oz | July 2021 In TKDD
""",
)

document(
    "breaks closed but never opened, links around icons",
    r"""
<h1>Publications</h1>
<div class="paper"><a href="https://x">Seeing Through Fog</a><br>Ada Roy*, Ben Oz</br><em>ICCV 2023</em></div>
<div class="paper"><p>Maps Without Borders</p><p><b>Ada Roy</b>, Ben Oz</p><p>ICRA 2022</p><a href="https://arxiv.org/pdf/2201.00022.pdf"><i class="icon"></i></a> <a href="https://g"><i class="code"></i></a></div>
<div class="paper"><p>Clocks for Robots</p><p>Ben Oz, <b>Ada Roy</b></p><p>2021 · arXiv</p></div>
""",
    """
Seeing Through Fog | Ada Roy; Ben Oz | ICCV 2023
Maps Without Borders | Ada Roy; Ben Oz | ICRA 2022 | 2201.00022
Clocks for Robots | Ben Oz; Ada Roy | 2021 · arXiv
""",
)

document(
    "bars between the parts, family names first",
    r"""
<h2>Publications</h2><ul>
<li><a href="http://doi">The nearby structure of fog</a> (10/2015) | Roy, E. E.; Oz, B.; Vázquez, R. A. | New Astronomy, Volume 40, p. 87-103 | (<a href="b">bibtex</a>)</li>
<li><a href="http://doi">A diagram of ages</a> (07/2015) | Oz, Ben; Roy, Ada I. | Monthly Notices, Volume 450, p. 3771 | (<a href="b">bibtex</a>)</li></ul>
<h2>Chapters</h2>
<p>Oz, Ben, Ada Roy, and Cy-Ann Lee. (2016). Vowels at home. <i>Heritage Journal 13</i>(2): 113-133.</p>
<p>Oz, Ben and Ada Roy. (2015). The limits of talk. <i>Glossa 6</i>(1): 80.</p>
""",
    """
The nearby structure of fog | E. E. Roy; B. Oz; R. A. Vázquez | New Astronomy, Volume 40, p. 87-103
A diagram of ages | Ben Oz; Ada I. Roy | Monthly Notices, Volume 450, p. 3771
Vowels at home | Ben Oz; Ada Roy; Cy-Ann Lee | Heritage Journal 13(2)
The limits of talk | Ben Oz; Ada Roy | Glossa 6(1)
""",
)

document(
    "year and venue at the title, names at random",
    r"""
<h2>Publications</h2><ul>
<li><p><strong>A Joint View of Cats and Dogs</strong> (<em>to appear</em> ACL 2020)<br /><em><strong>Ada Roy</strong>, Ben Oz, Cy Lee</em></p></li>
<li><p><strong>Retrieval in Pieces: A Snapshot</strong><br />(LREC 2020, CLSSTS Workshop)<br /><em>Ben Oz ⓡ <strong>Ada Roy</strong> ⓡ Cy Lee</em></p></li>
<li><p>B. Oz, <strong>A.Roy</strong>, AMC. So, 2023. A Sparse Fast Transform for Very Large Rooms, 2023. submitted to <em>SIAM SISC</em> <a href="https://arxiv.org/pdf/2309.01111.pdf">arxiv</a></p></li></ul>
""",
    """
A Joint View of Cats and Dogs | Ada Roy; Ben Oz; Cy Lee | to appear ACL 2020
Retrieval in Pieces: A Snapshot | Ben Oz; Ada Roy; Cy Lee | LREC 2020, CLSSTS Workshop
A Sparse Fast Transform for Very Large Rooms | B. Oz; A. Roy; AMC. So | submitted to SIAM SISC | 2309.01111
""",
)

document(
    "names and venue in one line below the title, a status below the others",
    r"""
<h2>Preprints</h2>
<p><strong>Rooms that remember</strong><br />(joint with Ida Holm and Ugo Berti)<br /><em>Preprint, 2021</em><br />Manuscript: <a href="https://arxiv.org/pdf/2109.05001">r.pdf</a></p>
<h2>Publications</h2>
<p><strong>Rooms that forget</strong><br />(joint with Ida Holm)<br /><em>Machine Learning, 2020</em><br />Manuscript: <a href="f.pdf">f.pdf</a></p>
<h2>Conference papers</h2>
<ul><li><p><b>Halls Without Echo
</b> <a href="https://arxiv.org/abs/1905.00001">[arXiv]</a><br /> <u>I. Holm</u>, J. Sá-Leal, UAI 2019</p></li></ul>
<ul><li><p><b>Doors for Everybody
</b> [<a href="d.pdf">paper</a>]<br /> <u>I. Holm</u>, U. Berti, F.Zhu, Accepted at AAAI 2018</p></li></ul>
""",
    """
Rooms that remember | Ida Holm; Ugo Berti | Preprint, 2021 | 2109.05001
Rooms that forget | Ida Holm | Machine Learning, 2020
Halls Without Echo | I. Holm; J. Sá-Leal | UAI 2019 | 1905.00001
Doors for Everybody | I. Holm; U. Berti; F. Zhu | Accepted at AAAI 2018
""",
)

document(
    "a status in a paragraph of its own, a venue that reads like a name",
    r"""
<h2>Job Market Paper</h2><p><a href="p"><span>Trams and Wages</span></a> (with <a href="k">Ida Holm</a>)</p><p><i>Revise and Resubmit, American Economic Review</i></p><p>Do trams raise wages? They do.</p>
<h2>Publications</h2><p><a href="q">Trains and Rents</a> (with Ugo Berti and Ida Holm), <i>Journal of Urban Economics</i>, 2022.</p><p><a href="q">Cars and Votes in Small Towns</a>, <i>Public Choice</i>, 2021.</p>
""",
    """
Trams and Wages | Ida Holm | Revise and Resubmit, American Economic Review
Trains and Rents | Ugo Berti; Ida Holm | Journal of Urban Economics, 2022.
Cars and Votes in Small Towns |  | Public Choice, 2021.
""",
)

document(
    "blocks by their own style, a fallback for old browsers, summaries below the venue",
    r"""
<h2>Research</h2>
<div class="row pub"><video><source src="a.mp4">Your browser does not support the video tag.</video>
<papertitle style="max-width: 550px; display: block;">Stitching Wool</papertitle><span><a>Ada Roy</a>*, <u>Ben Oz</u>*, <a>Cy Lee</a></span><br>
<span><i>SIGGRAPH Asia, 2023</i></span><br><span>We stitch wool along its threads.<br>[<a href="https://arxiv.org/abs/2311.00127">Paper</a>]</span></div>
<div class="row pub"><video><source src="b.mp4">Your browser does not support the video tag.</video>
<papertitle style="display:block">Rendering Felt from Many Views of One Hat</papertitle><span><a>Cy Lee</a>, <u>Ben Oz</u></span><br>
<span><i>CVPR 2020</i></span><br><span>An end-to-end renderer of felt.<br>[<a href="p">Paper</a>]</span></div>
""",
    """
Stitching Wool | Ada Roy; Ben Oz; Cy Lee | SIGGRAPH Asia, 2023 | 2311.00127
Rendering Felt from Many Views of One Hat | Cy Lee; Ben Oz | CVPR 2020
""",
)

document(
    "a badge above a short linked heading, a summary in a fold",
    r"""
<section><h2>Research</h2>
<div class="card"><div><span class="badge">Preprint</span></div><h3><a href="#">Unlearning by Rehearsal</a></h3><p>Ada Roy*, Ben Oz*</p>
<details><summary>Abstract</summary><p>Rehearsing makes forgetting easier.</p></details><div><a href="#">PDF</a></div></div>
<div class="card"><div><span class="badge">EMNLP 2023 Findings</span></div><h3><a href="#">Can Looms Take It Back?</a></h3><p>Ben Oz, Cy Lee</p>
<details><summary>Abstract</summary><p>Looms rarely retract.</p></details><div><a href="https://arxiv.org/abs/2310.00141">arXiv</a> <a href="#">Code</a></div></div>
</section><section><h2>Writing</h2><p><a href="x">What weaving is not</a> Jan 2025</p></section>
""",
    """
Unlearning by Rehearsal | Ada Roy; Ben Oz | Preprint
Can Looms Take It Back? | Ben Oz; Cy Lee | EMNLP 2023 Findings | 2310.00141
""",
)

document(
    "a year in a cell before names, then a title in quotes",
    r"""
<h2>Selected Publications</h2><table>
<tr><td>2021</td><td><u>A. Roy</u>, "<b>Certifying Threads at Design Time</b>," <i>IEEE Loom Letters</i>, early access, 2021. [<a href="d">DOI</a>]</td></tr>
<tr><td>2021</td><td><u>A. Roy</u>, B. Oz, and C. Lee, "<b>Quiet Shuttles: Arbitration for Mixed Looms</b>," submitted to DAC 2021. [<a href="p">PDF</a>]</td></tr>
</table>
""",
    """
Certifying Threads at Design Time | A. Roy | IEEE Loom Letters
Quiet Shuttles: Arbitration for Mixed Looms | A. Roy; B. Oz; C. Lee | submitted to DAC 2021
""",
)

document(
    "quotes with a button behind them, a venue in the title's line, a note on marks, names cut in the middle",
    r"""
<h2>Papers</h2>
<ul><li><p>&ldquo;Weaving Pairs with Deadlines &rdquo; <a href="w.pdf">[PDF]</a> <a href="https://arxiv.org/abs/2210.00889">[Technical Report]</a><br/>
Ada Roy*, Ben Oz*, Cy Lee, (*: co-primary authors) accepted to IEEE Transactions on Looms, 2022.</p></li>
<li><p>&ldquo;A survey of carding by hand&rdquo;(In Chinese) <a href="w.pdf">[PDF]</a><br/>Ben Oz, Cy Lee, in Carding Letters, 2019.</p></li></ul>
<ul><li><font>Plain: Very Simple Fabric Translation.<i> BMVC 2018</i>.</font><br><font size="2"><b>Ada Roy</b>, Ben Oz.</font><br><a href="p">[PAPER]</a></li>
<li>Roy, A., K. Oz, E. Lee, ..., and <b>C. Dee</b> (136 authors), 2022. Early and late windows for moths. <em>Ecology and Looms</em>, 12(7).</li></ul>
""",
    """
Weaving Pairs with Deadlines | Ada Roy; Ben Oz; Cy Lee | accepted to IEEE Transactions on Looms, 2022 | 2210.00889
A survey of carding by hand | Ben Oz; Cy Lee | in Carding Letters, 2019
Plain: Very Simple Fabric Translation | Ada Roy; Ben Oz | BMVC 2018
Early and late windows for moths | A. Roy; K. Oz; E. Lee; C. Dee | Ecology and Looms
""",
)

document(
    "an earlier version below its paper, a prize in place of a venue, a name with its short form",
    r"""
<h3>Publications</h3>
<ul><li><p><b>Queuing in Mills</b><br />Ada Roy, Ben Oz<br />Journal on Selected Looms, vol. 38, 2020<br /><a href="l">[link]</a></p>
<ul><li><p>Preliminary version: Delay in Mills <br />International Conference on Looms (<a href="c">ICL 2019</a>)</p></li></ul></li></ul>
<ul><li><p><b>Synthetic Control of Shuttles</b><br />With Cy Lee, Jingyuan (Donna) Gan, and Dee Ash<br /></p>
<ul><li><p>Selected as a Finalist for the <b>Weaver Prize</b>, 2022</p></li></ul></li></ul>
""",
    """
Queuing in Mills | Ada Roy; Ben Oz | Journal on Selected Looms, vol. 38, 2020
Synthetic Control of Shuttles | Cy Lee; Jingyuan Gan; Dee Ash |
""",
)

document(
    "a status below the title of a work of the owner's alone, titles that read like names",
    r"""
<h2>Working Papers</h2><p><a href="p"><b>Hats at the Margin</b></a></p><p><i>Revise and Resubmit, American Economic Review</i></p><p>Abstract: Hats pay. They do.</p>
<p><a href="p"><b>Meals and Hats</b></a>, with Paul Ade</p><p>NBER Working Paper 31999</p>
<h2>Publications</h2><p><a href="p"><b>The Price of Felt</b></a>, with Jonas Bauer and Li Na</p><p><i>Journal of Urban Economics</i>, forthcoming</p><p><a href="p"><b>Tax and Thread in Towns</b></a></p><p><i>Economics Letters</i>, 2020</p>
<h2>Work in Progress</h2><p>Remote Work and Local Public Goods (with Li Na and Omar Haddad)</p>
""",
    """
Hats at the Margin |  | Revise and Resubmit, American Economic Review
Meals and Hats | Paul Ade | NBER Working Paper 31999
The Price of Felt | Jonas Bauer; Li Na | Journal of Urban Economics, forthcoming
Tax and Thread in Towns |  | Economics Letters, 2020
Remote Work and Local Public Goods | Li Na; Omar Haddad |
""",
)

document(
    "cards below a menu of headings, each with headings over its icons",
    r"""
<ul class="menu"><li><a href="p.html"><h3>Publications</h3></a></li><li><a href="t.html"><h3>Teaching</h3></a></li></ul>
<article class="post"><header><div><h2>Weaving by Numbers.</h2><p>Ada Roy, Ben Oz <a href="c">[CITE]</a></p></div><div><a href="v"><span>ICLR 2025 </span></a></div></header>
<p>Weaving remains a challenge for looms of all sizes, particularly when threads vary.</p>
<footer><div><h3>Code</h3><ul><li><a href="https://example.org/c"><i></i></a></li></ul></div><div><h3>Paper</h3><ul><li><a href="https://arxiv.org/abs/2410.06820"><i></i></a></li></ul></div></footer></article>
<article class="post"><header><div><h2>Felt in the Limit.</h2><p>Ben Oz, Cy Lee <a href="c">[CITE]</a></p></div><div><time>Jun 12, 2025</time></div></header>
<p>We felt.</p><footer><div><h3>Paper</h3><ul><li><a href="https://arxiv.org/abs/2506.06158"><i></i></a></li></ul></div></footer></article>
""",
    """
Weaving by Numbers | Ada Roy; Ben Oz | ICLR 2025 | 2410.06820
Felt in the Limit | Ben Oz; Cy Lee | Jun 12, 2025 | 2506.06158
""",
)

document(
    "works under a heading References, by their keys",
    r"""
<h1>Publications</h1><p>Looms:</p><dl><dt>[<a href="#roy2017">roy2017</a>]</dt><dd>The paper that presents the loom</dd></dl>
<h2>References</h2><ul><li><a id="roy2017">[roy2017]</a></br>Ada Roy, Ben Oz & Cy Lee,</br>Weaving in a smart city,</br><i>in: International Conference on Looms (ICL)</i>, 2017</br><a href="http://dx.doi.org/10.1/x">10.1/x</a>.</li></ul>
""",
    """
Weaving in a smart city | Ada Roy; Ben Oz; Cy Lee | in: International Conference on Looms (ICL), 2017
""",
)

document(
    "a table with what each file is called, a book and a thesis under headings of their own, badges at the right",
    r"""
<h1>Publications</h1><h3>A Book</h3><ul><li>Roy, A.E., and B. Oz, 2024, <a href="b">Looms with Applications</a>, Weaver Press, 456 pp.</li></ul>
<h3>Journal Articles</h3><table><tr><td>Roy, Ada &amp; Ben Oz. (2023). Card Rise in Wool Towns. In: Cy Lee &amp; Di Ash (Eds.), Proceedings of the Loom Congress (33-36).</td><td><a href="f"><img src="f.png"><br>Wool Cards</a></td></tr>
<tr><td>Oz, B., C. Lee, &amp; A. Roy. (to appear 2024). Fickle felt: Perception of wool. Journal of the Felt Society.</td><td><a href="g"><img src="f.png"><br>Fickle Felt</a></td></tr></table>
<ul><li><p><b>Repairing Looms</b><strong style="float: right">CCF-A</strong></p><p>Ben Oz, Cy Lee</p><p>In the Conference on Looms, 2023</p></li></ul>
<h3>MS Thesis</h3><ul><li>Ada Roy, Clustering Threads by Hand, M.Sc. Engg. Thesis, Department of Looms, Felt University, 2012</li></ul>
<h3>Technical Reports</h3><ul><li>Ada Roy and Cy Lee, A Study of Shared Shuttles, Department of Looms, Felt University, 2016</li></ul>
""",
    """
Looms with Applications | A.E. Roy; B. Oz | Weaver Press
Card Rise in Wool Towns | Ada Roy; Ben Oz | Proceedings of the Loom Congress
Fickle felt: Perception of wool | B. Oz; C. Lee; A. Roy | Journal of the Felt Society. to appear 2024
Repairing Looms | Ben Oz; Cy Lee | In the Conference on Looms, 2023
Clustering Threads by Hand | Ada Roy | M.Sc. Engg. Thesis, Department of Looms
A Study of Shared Shuttles | Ada Roy; Cy Lee | Department of Looms, Felt University, 2016
""",
)

document(
    "lists of titles and venues without any names",
    r"""
<article><h1>CONFERENCES</h1><ol><li> Weaving Protocols in Mobile Looms, 44th IEEE Conference on Local Looms (LOCL), Osnabrück, October, 2019. <a href="h">HTML</a> </li></ol>
<h1>JOURNALS</h1><ol><li> Models of Felt by Fuzzy Logic, International Journal of Felt (IJF), Volume 8, March 2020. <a href="p">PDF</a> </li></ol>
<h1>PH.D. DISSERTATION</h1><ul><li> Groups of Threads by Gesture, Ph.D. dissertation, Department of Looms, 2017. <a href="p">PDF</a> </li></ul></article>
""",
    """
Weaving Protocols in Mobile Looms |  | 44th IEEE Conference on Local Looms (LOCL)
Models of Felt by Fuzzy Logic |  | International Journal of Felt (IJF), Volume 8, March 2020
Groups of Threads by Gesture |  | Ph.D. dissertation, Department of Looms, 2017
""",
)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_page_of_any_make_is_read(name):
    """Only shape tells an entry: no rule knows a generator. Buttons, abstracts and other sections are no entries."""
    text, said = DOCUMENTS[name]
    answer = Answer(source="homepage", url=name, body=text.encode(), received_at=WHEN)
    assert recognise(answer) == "homepage"
    contents = READERS["homepage"].read(answer)
    lines = [line for line in said.splitlines() if line.strip()]
    pairs = list(zip(contents.records, lines, strict=False))
    assert [(one.title, one.authors, one.comment, line) for one, line in pairs if not agrees(one, line)] == []
    assert len(contents.records) == len(lines)
