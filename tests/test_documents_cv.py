# ruff: noqa: E501, W291 (documents stand here as people write them)
"""CVs of invented people, in the ways that people of many fields write them.

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
    DOCUMENTS[name] = (text.lstrip("\n"), said)


def agrees(record: Record, line: str) -> bool:
    """Whether a record says what its line does."""
    title, authors, venue, arxiv_id = ([part.strip() for part in line.split("|")] + [""])[:4]
    same = (record.title, "; ".join(record.authors), record.arxiv_id or "") == (title, authors, arxiv_id)
    return same and venue in (record.comment or "")


document(
    "markdown pandoc professor",
    r"""
# Helena Varga

Professor of Statistics, Danube University  
Email: hv@example.org

## Education

- PhD, Statistics, 2001

## Journal articles

1. **H. Varga** and P. Okafor. Shrinkage under dependent noise. *Annals of Statistics*, 45(3):1120–1151, 2017.
2. P. Okafor, **H. Varga**, and S. Lindqvist (2015). "Spectral tests for long panels". *Biometrika* 102(1), 77–95. doi:10.1093/biomet/asu999
3. S. Lindqvist, **H. Varga**. Bootstrap of U-statistics with missing data. *J. R. Stat. Soc. B*, to appear.

## Conference papers

4. **H. Varga**, M. D'Angelo. Fast quantile sketches. In *Proceedings of the 30th International Conference on Machine Learning (ICML)*, pages 210–218, 2013.

## Preprints and working papers

5. **H. Varga**, P. Okafor: Conformal bands without exchangeability. arXiv:2301.01234 (2023)

## Invited talks

- "Shrinkage under dependent noise", P. Okafor and H. Varga, Royal Society, London, 2018.
- Keynote, JSM 2019, Denver.

## Teaching

- STAT 101, Introduction to Probability, 2005-2015.

## Grants

- National Science Fund, "Shrinkage and noise", with P. Okafor and S. Lindqvist, 2016-2019, 300k.
""",
    """
Shrinkage under dependent noise | H. Varga; P. Okafor | Annals of Statistics, 45(3):1120–1151, 2017
Spectral tests for long panels | P. Okafor; H. Varga; S. Lindqvist | Biometrika 102(1), 77–95
Bootstrap of U-statistics with missing data | S. Lindqvist; H. Varga | J. R. Stat. Soc. B, to appear
Fast quantile sketches | H. Varga; M. D'Angelo | In Proceedings of the 30th International Conference on Machine Learning (ICML), pages 210–218, 2013
Conformal bands without exchangeability | H. Varga; P. Okafor | arXiv:2301.01234 (2023) | 2301.01234
""",
)

document(
    "economist",
    r"""
                                 TOMASZ WILKOWSKI
                          Department of Economics, Baltic School

EMPLOYMENT
   Assistant Professor, Baltic School of Economics                       2020 – present
   Postdoctoral Fellow, Centre for Markets                               2018 – 2020

EDUCATION
   Ph.D. Economics, University of the North                              2018

PUBLICATIONS

   “Price Dispersion in Thin Markets,” with Anna Rosen and Luis Prado, American Economic Review, 2022, 112
      (4), 1201–1239.

   “Tariffs and the Geography of Bargaining” (with Anna Rosen), Journal of International Economics,
      Vol. 130, 2021.

   “Who Pays for Queues?” Review of Economic Studies, forthcoming.

WORKING PAPERS

   “Search Frictions in Rental Housing: Evidence from Six Cities” (with M. Chowdhury), 2023. Revise and
      resubmit, Econometrica.

   “Remote Work and Local Prices,” 2024.

WORK IN PROGRESS

   “Bargaining with Deadlines” with Luis Prado

PRESENTATIONS
   2023: ASSA Annual Meeting, NBER Summer Institute (with Anna Rosen), Baltic Workshop
   2022: “Price Dispersion in Thin Markets,” Anna Rosen and Tomasz Wilkowski, EEA Congress, Milan

REFEREEING
   American Economic Review, Econometrica, Journal of International Economics

REFERENCES
   Prof. Anna Rosen, Prof. Luis Prado
""",
    """
Price Dispersion in Thin Markets | Anna Rosen; Luis Prado | American Economic Review, 2022, 112 (4), 1201–1239
Tariffs and the Geography of Bargaining | Anna Rosen | Journal of International Economics
Who Pays for Queues? |  | Review of Economic Studies, forthcoming
Search Frictions in Rental Housing: Evidence from Six Cities | M. Chowdhury | Revise and resubmit
Remote Work and Local Prices |  | 2024
Bargaining with Deadlines | Luis Prado |
""",
)

document(
    "latex J and C numbers",
    r"""
Ngozi Adeyemi                                                                          1/3

Education
  2016–2020    PhD in Robotics, Lagos Institute of Technology
  2014–2016    MSc in Control, Lagos Institute of Technology

Selected Publications
Journal Papers
  [J2]   N. Adeyemi, K. Sato, and R. Müller, “Contact-rich assembly with tactile priors,” IEEE
         Robotics and Automation Letters, vol. 7, no. 2, pp. 4321–4328, 2022.
  [J1]   K. Sato, N. Adeyemi, “Compliant grasping of deformable sheets: a survey,” Autonomous
         Robots, vol. 44, pp. 1–25, 2020.
Conference Papers
  [C3]   N. Adeyemi*, L. Fontaine*, and K. Sato, “Learning to fold in the dark,” in Proc. IEEE Int.
         Conf. Robotics and Automation (ICRA), 2023, pp. 100–107. (Best Paper Finalist)
  [C2]   L. Fontaine, N. Adeyemi, K. Sato, “Sim-to-real transfer for cloth ma-
         nipulation,” in IROS, 2021.
  [C1]   N. Adeyemi. “A tactile glove for teleoperation.” In RSS Workshop on Touch, 2019.
Preprints
  [P1]   N. Adeyemi, K. Sato. “Friction from sound,” arXiv preprint arXiv:2402.09876, 2024. Under review.

Awards
  2023   ICRA Best Paper Finalist with L. Fontaine and K. Sato
  2021   Travel grant, IROS

Talks
  “Learning to fold in the dark,” Robotics seminar, ETH, 2023.

Service
  Reviewer: ICRA, IROS, RA-L, T-RO
""",
    """
Contact-rich assembly with tactile priors | N. Adeyemi; K. Sato; R. Müller | IEEE Robotics and Automation Letters, vol. 7, no. 2, pp. 4321–4328, 2022.
Compliant grasping of deformable sheets: a survey | K. Sato; N. Adeyemi | Autonomous Robots, vol. 44, pp. 1–25, 2020.
Learning to fold in the dark | N. Adeyemi; L. Fontaine; K. Sato | in Proc. IEEE Int. Conf. Robotics and Automation (ICRA), 2023, pp. 100–107. (Best Paper Finalist)
Sim-to-real transfer for cloth manipulation | L. Fontaine; N. Adeyemi; K. Sato | in IROS, 2021.
A tactile glove for teleoperation | N. Adeyemi | In RSS Workshop on Touch, 2019.
Friction from sound | N. Adeyemi; K. Sato | arXiv preprint arXiv:2402.09876, 2024. Under review. | 2402.09876
""",
)

document(
    "years first, apa",
    r"""
Dr. Ingrid Solberg
Curriculum Vitae

EDUCATION
2009  PhD Psychology, Fjord University

PEER-REVIEWED ARTICLES

Solberg, I., Hansen, P. K., & O'Brien, T. (2021). Sleep and memory in adolescents: A
    longitudinal study. Journal of Sleep Research, 30(4), e13245. https://doi.org/10.1111/jsr.13245

Hansen, P. K., & Solberg, I. (2019). Napping at work. Sleep Health, 5, 12-19.

Solberg, I. (2016). Dreams we forget. Consciousness and Cognition, 41, 88–97.

Van der Berg, J., Solberg, I., et al. (2014). Circadian rhythms across the lifespan: Evidence
    from 12 countries. Nature Human Behaviour, 1(2), 0033.

BOOK CHAPTERS

Solberg, I., & Hansen, P. K. (2018). Memory consolidation. In R. Stone (Ed.), Handbook of Sleep (pp. 201–230).
    Oxford University Press.

MANUSCRIPTS UNDER REVIEW

Solberg, I., & O'Brien, T. (under review). Screen time and sleep onset.

CONFERENCE PRESENTATIONS

Solberg, I., & Hansen, P. K. (2018, June). Napping at work. Poster presented at the European Sleep Congress, Basel.

TEACHING EXPERIENCE
2010-2015  Lecturer, Introduction to Psychology
""",
    """
Sleep and memory in adolescents: A longitudinal study | I. Solberg; P. K. Hansen; T. O'Brien | Journal of Sleep Research, 30(4), e13245
Napping at work | P. K. Hansen; I. Solberg | Sleep Health, 5, 12-19
Dreams we forget | I. Solberg | Consciousness and Cognition, 41, 88–97
Circadian rhythms across the lifespan: Evidence from 12 countries | J. Van der Berg; I. Solberg | Nature Human Behaviour, 1(2), 0033
Memory consolidation | I. Solberg; P. K. Hansen | In R. Stone (Ed.), Handbook of Sleep
Screen time and sleep onset | I. Solberg; T. O'Brien | under review
""",
)

document(
    "moderncv columns title first",
    r"""
Rafael Monteiro
Machine Learning Engineer                                         rafael@example.org

Publications
   2024        Scaling Laws for Sparse Retrieval
               Rafael Monteiro, Yuki Tanaka, Fatima Zahra El Idrissi
               International Conference on Learning Representations (ICLR)
   2023        Cheap Rerankers Are Enough
               Yuki Tanaka*, Rafael Monteiro*, and Omar Haddad
               Findings of EMNLP 2023
   2022        Tokenisation Considered Harmful?
               Rafael Monteiro
               arXiv preprint arXiv:2205.00011

Experience
   2021 – now  Research Scientist, Searchlight Labs
   2019 – 2021 Software Engineer, Data Works

Skills
   Python, C++, PyTorch
""",
    """
Scaling Laws for Sparse Retrieval | Rafael Monteiro; Yuki Tanaka; Fatima Zahra El Idrissi | International Conference on Learning Representations (ICLR)
Cheap Rerankers Are Enough | Yuki Tanaka; Rafael Monteiro; Omar Haddad | Findings of EMNLP 2023
Tokenisation Considered Harmful? | Rafael Monteiro | arXiv preprint arXiv:2205.00011 | 2205.00011
""",
)

document(
    "bullets, authors first, chinese student",
    r"""
Yifan Zhou
School of Computer Science, East Lake University

Education
• East Lake University, Ph.D. in Computer Science                    Sep. 2021 – Present
• East Lake University, B.S. in Mathematics                          Sep. 2017 – Jun. 2021

Publications (* equal contribution, † corresponding author)
• Yifan Zhou*, Lin Gao*, Xiaoming Xu, and Qiang Du†. Low-Rank Adapters Meet Mirror Descent. In Advances in
  Neural Information Processing Systems (NeurIPS), 2024. [Spotlight]
• Lin Gao, Yifan Zhou, Qiang Du. A Note on Implicit Regularization of Adam. Transactions on Machine Learning
  Research (TMLR), 2023.
• Yifan Zhou, Qiang Du. Grokking as a Phase Transition. ICML 2023 (Oral, top 2%).
• Xiaoming Xu, Yifan Zhou, et al. OpenWeave: An Open Platform for Agents. Technical Report, 2025.
• Yifan Zhou et al. Towards a Theory of Pruning. In submission.

Research Experience
• Research Intern, Big Model Institute, Beijing                       May 2023 – Sep. 2023
  Advised by Lin Gao and Qiang Du, pretraining of language models.

Honors and Awards
• National Scholarship, 2022, 2023
• First prize, Mathematics Competition, 2019

Professional Services
• Reviewer for NeurIPS, ICML, ICLR
""",
    """
Low-Rank Adapters Meet Mirror Descent | Yifan Zhou; Lin Gao; Xiaoming Xu; Qiang Du | In Advances in Neural Information Processing Systems (NeurIPS), 2024. [Spotlight]
A Note on Implicit Regularization of Adam | Lin Gao; Yifan Zhou; Qiang Du | Transactions on Machine Learning Research (TMLR), 2023.
Grokking as a Phase Transition | Yifan Zhou; Qiang Du | ICML 2023 (Oral, top 2%).
OpenWeave: An Open Platform for Agents | Xiaoming Xu; Yifan Zhou | Technical Report, 2025.
Towards a Theory of Pruning | Yifan Zhou | In submission.
""",
)

document(
    "mathematician with co-authors in brackets",
    r"""
Curriculum Vitae — Margarethe Thorne

Education
PhD in Mathematics, University of Westmark, 2012. Advisor: Prof. J. Holloway.

Papers

 1. The rank of apparition in elliptic nets (with P. Ivanov), Acta Arith. 150 (2011), 301–320.
 2. On a question of Erdős about primitive sets (with P. Ivanov and S. Gupta), J. Number Theory 133 (2013),
    no. 4, 1200–1215.
 3. Sums of digits and short intervals. Submitted. arXiv:1502.04444.
 4. Orbits of thin groups (joint with Q. Liu). Preprint, 2016.

Books
 5. Elliptic Nets and Their Friends. Springer, 2019.

Talks
 1. Thin groups (with Q. Liu), Oberwolfach, 2016.

Students
 Peter Marsh (PhD 2020), Sunita Rao (PhD 2022)
""",
    """
The rank of apparition in elliptic nets | P. Ivanov | Acta Arith. 150 (2011), 301–320
On a question of Erdős about primitive sets | P. Ivanov; S. Gupta | J. Number Theory 133 (2013), no. 4, 1200–1215
Sums of digits and short intervals |  | Submitted. arXiv:1502.04444 | 1502.04444
Orbits of thin groups | Q. Liu | Preprint, 2016
Elliptic Nets and Their Friends |  | Springer, 2019
""",
)

document(
    "physicist numbers down, no titles quoted, semicolons",
    r"""
LIST OF PUBLICATIONS — Prof. Aleksandr Petrenko

ORCID 0000-0000-0000-0000

Refereed journal articles

102. Petrenko, A.; Nowak, J.; Silva, M. F. Photonic band gaps in twisted multilayers. Phys. Rev. Lett. 2023, 130,
     116901.
101. Nowak, J.; Petrenko, A. Exciton transport in moiré lattices. Nano Lett. 2022, 22, 8810−8817.
100. Silva, M. F.; Petrenko, A.; Nowak, J.; Brandt, C. A hundredth paper on graphene. 2D Mater. 2022, 9, 045011.

Conference proceedings

 3. Petrenko, A.; Brandt, C. Twisted light in cavities. Proc. SPIE 2020, 11345, 113450A.

Patents

 1. Petrenko, A.; Nowak, J. Optical filter. US Patent 10,000,000, 2019.
""",
    """
Photonic band gaps in twisted multilayers | A. Petrenko; J. Nowak; M. F. Silva | Phys. Rev. Lett. 2023, 130, 116901.
Exciton transport in moiré lattices | J. Nowak; A. Petrenko | Nano Lett. 2022, 22, 8810−8817.
A hundredth paper on graphene | M. F. Silva; A. Petrenko; J. Nowak; C. Brandt | 2D Mater. 2022, 9, 045011.
Twisted light in cavities | A. Petrenko; C. Brandt | Proc. SPIE 2020, 11345, 113450A.
""",
)

document(
    "vancouver medical",
    r"""
CURRICULUM VITAE
Sofia Marchetti, MD, PhD

PUBLICATIONS

Original articles
1. Marchetti S, Jansen KL, Park JH. Early statin use after stroke: a cohort study. Lancet Neurol. 2019;18(5):412-420.
2. Jansen KL, Marchetti S. Sex differences in atrial fibrillation. Circulation. 2020;141(2):99-108. doi: 10.1161/CIRC.999
3. Park JH, Li X, Marchetti S, et al. Biomarkers of frailty. JAMA Netw Open. 2022;5(3):e221234.

Reviews
4. Marchetti S. Stroke in the young. Nat Rev Neurol. 2021;17:1-15.

MEMBERSHIPS
European Stroke Organisation, since 2015
""",
    """
Early statin use after stroke: a cohort study | Marchetti S; Jansen KL; Park JH | Lancet Neurol. 2019;18(5):412-420.
Sex differences in atrial fibrillation | Jansen KL; Marchetti S | Circulation. 2020;141(2):99-108.
Biomarkers of frailty | Park JH; Li X; Marchetti S | JAMA Netw Open. 2022;5(3):e221234.
Stroke in the young | Marchetti S | Nat Rev Neurol. 2021;17:1-15.
""",
)

document(
    "markdown dashes bold title links",
    r"""
# Curriculum Vitae

**Oluwaseun Balogun** | PhD student

## Research interests
Optimization, learning theory.

## Preprints

- **Momentum without Memory** [[arXiv](https://arxiv.org/abs/2407.01001)]  
  *Oluwaseun Balogun*, Clara Weiss, Dmitri Orlov  
  Under review at JMLR

- **When Does Clipping Help?** [[arXiv](https://arxiv.org/abs/2310.05555)] [[code](https://github.com/x/y)]  
  Clara Weiss, *Oluwaseun Balogun*  
  Preprint, 2023

## Publications

- **Adaptive Steps on Manifolds** [[paper](https://example.org/p.pdf)]  
  *Oluwaseun Balogun*, Dmitri Orlov  
  **AISTATS 2023**

- **A Tight Bound for Local SGD**  
  Dmitri Orlov, *Oluwaseun Balogun*, Clara Weiss  
  COLT 2022 (Best Student Paper)

## Teaching
- Teaching assistant, Convex Optimization, 2022
- Teaching assistant, Probability, with Clara Weiss, 2021

## News
- 2023: our paper with Dmitri Orlov was accepted at AISTATS 2023!
""",
    """
Momentum without Memory | Oluwaseun Balogun; Clara Weiss; Dmitri Orlov | Under review at JMLR | 2407.01001
When Does Clipping Help? | Clara Weiss; Oluwaseun Balogun | Preprint, 2023 | 2310.05555
Adaptive Steps on Manifolds | Oluwaseun Balogun; Dmitri Orlov | AISTATS 2023
A Tight Bound for Local SGD | Dmitri Orlov; Oluwaseun Balogun; Clara Weiss | COLT 2022 (Best Student Paper)
""",
)

document(
    "year subheadings in text",
    r"""
CV of Mathieu Lefèvre

Formation
  2010  Doctorat, Université du Lac

PUBLICATIONS

2023

Lefèvre, M. and Ben Amor, H. "Typed effects in practice". Proc. ACM Program. Lang. 7 (POPL), 2023.
Ben Amor, H., Lefèvre, M., and Quist, E. "Gradual ownership". In ECOOP 2023, LIPIcs vol. 263.

2021

Lefèvre, M. "Notes on algebraic effects". Journal of Functional Programming 31, e5, 2021.

SOFTWARE
  effectful, a library of effects (with H. Ben Amor)
""",
    """
Typed effects in practice | M. Lefèvre; H. Ben Amor | Proc. ACM Program. Lang. 7 (POPL), 2023.
Gradual ownership | H. Ben Amor; M. Lefèvre; E. Quist | In ECOOP 2023, LIPIcs vol. 263.
Notes on algebraic effects | M. Lefèvre | Journal of Functional Programming 31, e5, 2021.
""",
)

document(
    "titles in italics, author list after 'with', numbered (1)",
    r"""
Priyanka Deshmukh

PUBLICATIONS AND PREPRINTS

(1) P. Deshmukh, A. Ferreira, Stable cohomology of moduli spaces, Invent. Math. 220 (2020), no. 3,
    901–955.

(2) P. Deshmukh, Counting points on character varieties, arXiv:1905.12345, submitted.

(3) A. Ferreira, P. Deshmukh, and V. T. Nguyen, Motivic classes of stacks, Compos. Math., to appear (2024).

(4) P. Deshmukh and V. T. Nguyen, Perverse sheaves on affine flag varieties, in preparation.

GRANTS AND FELLOWSHIPS

(1) National Research Fund, with A. Ferreira and V. T. Nguyen, 2020–2023.
""",
    """
Stable cohomology of moduli spaces | P. Deshmukh; A. Ferreira | Invent. Math. 220 (2020), no. 3, 901–955.
Counting points on character varieties | P. Deshmukh | arXiv:1905.12345, submitted. | 1905.12345
Motivic classes of stacks | A. Ferreira; P. Deshmukh; V. T. Nguyen | Compos. Math., to appear (2024).
Perverse sheaves on affine flag varieties | P. Deshmukh; V. T. Nguyen | in preparation.
""",
)

document(
    "one line per entry, no indent",
    r"""
Kenji Watanabe
CURRICULUM VITAE

PUBLICATIONS
Kenji Watanabe, Ana Souza. Neural operators for turbulent flows. Journal of Computational Physics, 2022.
Ana Souza, Kenji Watanabe, Wei-Ting Hsu. Physics-informed losses revisited. SIAM Journal on Scientific Computing, 44(2), A1–A25, 2021.
Kenji Watanabe. Learned preconditioners. arXiv:2010.06789, 2020.
Wei-Ting Hsu and Kenji Watanabe. Graph coarsening by attention. NeurIPS 2020 Workshop on Graphs.

WORKSHOPS ORGANIZED
Learning for Physics, with Ana Souza, NeurIPS 2021
""",
    """
Neural operators for turbulent flows | Kenji Watanabe; Ana Souza | Journal of Computational Physics, 2022.
Physics-informed losses revisited | Ana Souza; Kenji Watanabe; Wei-Ting Hsu | SIAM Journal on Scientific Computing, 44(2), A1–A25, 2021.
Learned preconditioners | Kenji Watanabe | arXiv:2010.06789, 2020. | 2010.06789
Graph coarsening by attention | Wei-Ting Hsu; Kenji Watanabe | NeurIPS 2020 Workshop on Graphs.
""",
)

document(
    "dblp style colon",
    r"""
# Emre Yıldız — CV

## Publications

### 2024
* Emre Yıldız, Hannah Kowalczyk, Duc Tran: **Query Planning with Large Models.** PVLDB 17(5): 1001-1013 (2024)
* Hannah Kowalczyk, Emre Yıldız: **Cardinality Estimation is Solved.** SIGMOD Conference 2024: 55-67

### 2023
* Duc Tran, Emre Yıldız: **Lakes of Tables.** CoRR abs/2309.11111 (2023)

## Services
* PC member: SIGMOD 2024, VLDB 2023
""",
    """
Query Planning with Large Models | Emre Yıldız; Hannah Kowalczyk; Duc Tran | PVLDB 17(5): 1001-1013 (2024)
Cardinality Estimation is Solved | Hannah Kowalczyk; Emre Yıldız | SIGMOD Conference 2024: 55-67
Lakes of Tables | Duc Tran; Emre Yıldız | CoRR abs/2309.11111 (2023) | 2309.11111
""",
)

document(
    "wrapped pdftotext right venue column",
    r"""
                                     Gabriela Ionescu
                 gabriela@example.org  |  github.com/gabi  |  +40 000 000

EDUCATION
Polytechnic of the Carpathians                                             2019 – 2024
Ph.D. in Computer Science

PUBLICATIONS
 Diffusion Models Learn Low-Frequency First                                              ICLR 2025
 Gabriela Ionescu, Tunde Afolabi, Marc-André Roy

 Score Matching on Graphs with Heavy-Tailed Noise: A Unified View of                  NeurIPS 2023
 Denoising and Diffusion
 Tunde Afolabi, Gabriela Ionescu

 Fast Samplers from Slow Teachers                                              arXiv:2206.07777
 Gabriela Ionescu, Marc-André Roy
                                                                                          1

INDUSTRY EXPERIENCE
 Research Intern, Cloud Nine Research                                          Summer 2022
 Worked with Tunde Afolabi, Marc-André Roy on samplers.
""",
    """
Diffusion Models Learn Low-Frequency First | Gabriela Ionescu; Tunde Afolabi; Marc-André Roy | ICLR 2025
Score Matching on Graphs with Heavy-Tailed Noise: A Unified View of Denoising and Diffusion | Tunde Afolabi; Gabriela Ionescu | NeurIPS 2023
Fast Samplers from Slow Teachers | Gabriela Ionescu; Marc-André Roy | arXiv:2206.07777 | 2206.07777
""",
)

document(
    "chinese headings",
    r"""
陈思远
个人简历

教育经历
2018-2022  东湖大学  计算机科学  学士

发表论文
[1] Siyuan Chen, Tao Hu, Meng Jia. Contrastive Pre-Training of Time Series. AAAI 2024. (CCF-A)
[2] Tao Hu, Siyuan Chen. Robust Forecasting under Shift. KDD 2023, pp. 100-110.
[3] 陈思远, 胡涛. 时间序列预测综述. 软件学报, 2022, 33(5): 1-20.

获奖情况
2023 国家奖学金
""",
    """
Contrastive Pre-Training of Time Series | Siyuan Chen; Tao Hu; Meng Jia | AAAI 2024. (CCF-A)
Robust Forecasting under Shift | Tao Hu; Siyuan Chen | KDD 2023, pp. 100-110.
时间序列预测综述 | 陈思远; 胡涛 | 软件学报, 2022, 33(5): 1-20.
""",
)

document(
    "side headings of res.cls",
    r"""
Minji Cho
                                    minji@example.org

RESEARCH        Statistical learning, causal inference
INTERESTS

EDUCATION       Han River University
                Ph.D. in Statistics, 2015 – 2020

SELECTED        M. Cho and T. Ueda. “Doubly robust nets for panel data.” Journal of the American
PUBLICATIONS    Statistical Association, 116, 2021.

                T. Ueda, M. Cho, and L. Brandt. “Covariate shift, twice.” In AISTATS, 2019.

                M. Cho. “Propensity scores at scale.” arXiv:1807.01234, 2018.

TEACHING        Instructor, STAT 110 with T. Ueda, 2018
EXPERIENCE      Teaching assistant, STAT 200, 2016

AWARDS          Best student paper, L. Brandt and M. Cho, 2019
""",
    """
Doubly robust nets for panel data | M. Cho; T. Ueda | Journal of the American Statistical Association, 116, 2021.
Covariate shift, twice | T. Ueda; M. Cho; L. Brandt | In AISTATS, 2019.
Propensity scores at scale | M. Cho | arXiv:1807.01234, 2018. | 1807.01234
""",
)

document(
    "three lines each, authors first",
    r"""
CURRICULUM VITAE
Pavel Novotny

Publications

1. Pavel Novotny, Grace Okello
   Sublinear Algorithms for Matching
   STOC 2022

2. Grace Okello, Pavel Novotny, Dana Levi
   Testing Monotonicity on the Hypergrid
   SIAM Journal on Computing 50(3), 2021

3. Pavel Novotny
   A Note on Sampling Edges
   Manuscript, 2020

Service
1. PC member, SODA 2023
""",
    """
Sublinear Algorithms for Matching | Pavel Novotny; Grace Okello | STOC 2022
Testing Monotonicity on the Hypergrid | Grace Okello; Pavel Novotny; Dana Levi | SIAM Journal on Computing 50(3), 2021
A Note on Sampling Edges | Pavel Novotny | Manuscript, 2020
""",
)

document(
    "alpha labels, single quotes, und",
    r"""
Dr. Jürgen Falk — Lebenslauf / CV

Ausbildung
Promotion, Universität am See, 2011

Publications

[FH20]  Jürgen Falk und Petra Hölzl. ‘Verified compilers for dummies’. In: ESOP 2020, pp. 1–27.
[HFS18] Petra Hölzl, Jürgen Falk, and Ian Stone. ‘Don’t panic: exceptions in practice’. In: Proc. of
        ICFP, 2018.
[Fal11] Jürgen Falk. ‘Type systems for resource bounds’. PhD thesis, Universität am See, 2011.

Talks
[T1] ‘Verified compilers for dummies’, with Petra Hölzl, Dagstuhl, 2019.
""",
    """
Verified compilers for dummies | Jürgen Falk; Petra Hölzl | In: ESOP 2020, pp. 1–27.
Don’t panic: exceptions in practice | Petra Hölzl; Jürgen Falk; Ian Stone | In: Proc. of ICFP, 2018.
Type systems for resource bounds | Jürgen Falk | PhD thesis, Universität am See, 2011.
""",
)

document(
    "enumerated subheads, capital own name",
    r"""
VITA: Ahmed El-Masry

PUBLICATIONS

A. Journal Papers

J.1 A. EL-MASRY, K. Brandt, "Wave breaking over reefs", Coastal Engineering, 150:1-12, 2019.
J.2 K. Brandt, A. EL-MASRY and S. de la Cruz, "Runup on rough slopes", J. Fluid Mech., vol. 901, A12, 2020.

B. Conference Papers

C.1 A. EL-MASRY, S. de la Cruz, "Reef hydrodynamics in the lab," Proc. 36th Int. Conf. Coastal Eng., Baltimore, 2018.

C. Technical Reports

R.1 A. EL-MASRY, "Flume manual", Technical Report 12, Wave Lab, 2015.

PROFESSIONAL SERVICE
Reviewer: Coastal Engineering
""",
    """
Wave breaking over reefs | A. EL-MASRY; K. Brandt | Coastal Engineering, 150:1-12, 2019.
Runup on rough slopes | K. Brandt; A. EL-MASRY; S. de la Cruz | J. Fluid Mech., vol. 901, A12, 2020.
Reef hydrodynamics in the lab | A. EL-MASRY; S. de la Cruz | Proc. 36th Int. Conf. Coastal Eng., Baltimore, 2018.
Flume manual | A. EL-MASRY | Technical Report 12, Wave Lab, 2015.
""",
)

document(
    "tabs and word bullets",
    (
        "Leila Hosseini\n"
        "\n"
        "Education\n"
        "2012\tPhD, Caspian University\n"
        "\n"
        "Publications\n"
        "\uf0b7\tL. Hosseini, Md. Rahman, Th. Vogel. Solar fuels from scrap. Energy & Environmental Science, 2021, 14, 1–10.\n"
        "\uf0b7\tMd. Rahman, L. Hosseini. Catalysts that heal themselves. Nature Catalysis, 2020, 3, 99.\n"
        "\uf0b7\tL. Hosseini. Sunlight, Water, and Rust, Joule 2, 100 (2018).\n"
        "\n"
        "Grants\n"
        "\uf0b7\tEnergy fund, with Md. Rahman, 2020\n"
        "\n"
    ),
    """
Solar fuels from scrap | L. Hosseini; Md. Rahman; Th. Vogel | Energy & Environmental Science, 2021, 14, 1–10.
Catalysts that heal themselves | Md. Rahman; L. Hosseini | Nature Catalysis, 2020, 3, 99.
Sunlight, Water, and Rust | L. Hosseini | Joule 2, 100 (2018).
""",
)

document(
    "siam commas",
    r"""
Publications of Beatriz Nogueira

Submitted

1. B. Nogueira and C. Öztürk, Krylov methods for nearly singular systems, 2024, arXiv:2401.13131.

Refereed Journals

2. C. Öztürk, B. Nogueira, and J. To, Rational approximation, conditioning, and all that, SIAM J. Matrix
   Anal. Appl., 44 (2023), pp. 55–78.
3. B. Nogueira, Block Lanczos revisited, Linear Algebra Appl., 532 (2017), 1–20.
4. B. Nogueira, J. To, Mixed precision, fast and slow, Numer. Math. 140, 231–250, 2018.

Ph.D. Thesis

5. B. Nogueira, Iterative methods on graphs, PhD thesis, University of the Algarve, 2014.

Invited Presentations
1. Krylov methods, with C. Öztürk, SIAM LA, 2024.
""",
    """
Krylov methods for nearly singular systems | B. Nogueira; C. Öztürk | 2024, arXiv:2401.13131. | 2401.13131
Rational approximation, conditioning, and all that | C. Öztürk; B. Nogueira; J. To | SIAM J. Matrix Anal. Appl., 44 (2023), pp. 55–78.
Block Lanczos revisited | B. Nogueira | Linear Algebra Appl., 532 (2017), 1–20.
Mixed precision, fast and slow | B. Nogueira; J. To | Numer. Math. 140, 231–250, 2018.
Iterative methods on graphs | B. Nogueira | PhD thesis, University of the Algarve, 2014.
""",
)

document(
    "markdown table",
    r"""
# Sakura Inoue

## Publications

| Year | Title | Authors | Venue |
|------|-------|---------|-------|
| 2024 | Prompting Without Prompts | Sakura Inoue, Hugo Blanc | ACL |
| 2022 | [Small Data, Big Claims](https://arxiv.org/abs/2204.04444) | Hugo Blanc, Sakura Inoue, Ola Berg | TACL |

## Teaching

| Year | Course |
|------|--------|
| 2023 | NLP, with Hugo Blanc |
""",
    """
Prompting Without Prompts | Sakura Inoue; Hugo Blanc | ACL
Small Data, Big Claims | Hugo Blanc; Sakura Inoue; Ola Berg | TACL | 2204.04444
""",
)

document(
    "harvard, year bare, double blank",
    r"""
Siobhan Kelly
PUBLICATIONS & OUTPUTS

Journal Articles:

Kelly, S. and Mbeki, T. (2020) ‘Housing and hope: a qualitative study’, Urban Studies, 57(4), pp. 701–720.

Mbeki, T., Kelly, S. and Roy, A.K. (2018) ‘The commons in crisis’, Antipode, 50(2), pp. 1–19.

Kelly, S. 2015. Rent strikes in Dublin. Irish Geography 48(1): 1–15.

Books:

Kelly, S. (2022) Homes for All. London: Verso.

Media:

Kelly, S. (2021) ‘Housing now’, The Irish Times, 2 March.
""",
    """
Housing and hope: a qualitative study | S. Kelly; T. Mbeki | Urban Studies, 57(4), pp. 701–720.
The commons in crisis | T. Mbeki; S. Kelly; A.K. Roy | Antipode, 50(2), pp. 1–19.
Rent strikes in Dublin | S. Kelly | Irish Geography 48(1): 1–15.
Homes for All | S. Kelly | London: Verso.
""",
)

document(
    "title bold md, authors and venue one line",
    r"""
## Selected Publications

**Learning to Rank with Missing Clicks**
*Jonas Eriksen, Wai Lam Chan*. SIGIR 2023. [paper](https://a.b/c) · [code](https://d.e/f)

**Query Rewriting as Editing**
*Wai Lam Chan, Jonas Eriksen, and Rosa Klein*. CIKM 2021 (short). [arXiv:2108.12121](https://arxiv.org/abs/2108.12121)

## Work Experience

**Search Engineer**, Findit AB, 2020–2023
""",
    """
Learning to Rank with Missing Clicks | Jonas Eriksen; Wai Lam Chan | SIGIR 2023.
Query Rewriting as Editing | Wai Lam Chan; Jonas Eriksen; Rosa Klein | CIKM 2021 (short). | 2108.12121
""",
)

document(
    "no titles physics",
    r"""
Curriculum Vitae of Lars Holt

Publications

1. L. Holt and M. Dube, Phys. Rev. B 103, 045111 (2021).
2. M. Dube, L. Holt, "Spin ice in a field", Phys. Rev. Lett. 120, 1 (2018).
3. L. Holt, "Kagome notes", J. Phys. A 50, 2 (2017).
""",
    """
Spin ice in a field | M. Dube; L. Holt | Phys. Rev. Lett. 120, 1 (2018).
Kagome notes | L. Holt | J. Phys. A 50, 2 (2017).
""",
)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_cv_of_any_field_is_read(name):
    """Talks, grants, teaching and media name people, titles and years too, and are no publications."""
    text, said = DOCUMENTS[name]
    answer = Answer(source="cv", url=name, body=text.encode(), received_at=WHEN)
    assert recognise(answer) == "cv"
    contents = READERS["cv"].read(answer)
    lines = [line for line in said.splitlines() if line.strip()]
    pairs = list(zip(contents.records, lines, strict=False))
    assert [(one.title, one.authors, one.comment, line) for one, line in pairs if not agrees(one, line)] == []
    assert len(contents.records) == len(lines)
